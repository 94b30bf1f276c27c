export interface PanelFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the same bytes, for who takes it. */
  readonly gzipped: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/** The panel as it was built: a directory, or files inside of the program. */
export type BuiltPanel = string | PanelFolder;

export interface PanelFolder {
  /** Of every file: `index.html`, `assets/main-x1y2.js`. */
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
}

/** The built panel; nothing is read before it is asked for. */
export interface PanelFiles {
  /** By path below the panel's root: `index.html`, `assets/main-x1y2.js`. */
  file(path: string): Promise<PanelFile | undefined>;
}
