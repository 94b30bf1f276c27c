export type ColorLevel = 0 | 1 | 2 | 3;

/** Resolves when the bytes were taken: awaiting it is the back-pressure. */
export interface Sink {
  readonly isTTY: boolean;
  /** Of the terminal; Infinity where there is none, so that nothing is cut. */
  readonly columns: number;
  readonly colorLevel: ColorLevel;
  /** Throws BrokenPipe where the reader is gone, KRT_FILE_UNWRITABLE for anything else. */
  readonly write: (data: string | Uint8Array) => Promise<void>;
}

export interface Source {
  readonly isTTY: boolean;
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** Of a terminal that shows nothing of what is typed until `use` has ended; undefined when no line will come. */
  readonly withoutEcho: <T>(use: (nextLine: () => Promise<string | undefined>) => Promise<T>) => Promise<T>;
}

export interface Io {
  readonly stdin: Source;
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** Whoever read our output has seen enough (`| head`): a reason to end quietly, not a failure. */
export class BrokenPipe extends Error {
  override readonly name = "BrokenPipe";
}
