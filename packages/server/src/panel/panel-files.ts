import { extname } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { BuiltPanel, PanelFile, PanelFiles } from "../deps/panel-files.ts";
import { folderAt } from "./folder-at.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const compress = promisify(gzip);

/** The files of the built panel. Only what it holds is ever read: no path of a request becomes one of the disk. */
export function panelFilesIn(built: BuiltPanel): PanelFiles {
  const folder = typeof built === "string" ? folderAt(built) : built;
  let names: Promise<ReadonlySet<string>> | undefined;
  const read = new Map<string, Promise<PanelFile>>();
  return {
    async file(path) {
      names ??= folder.names().then((all) => new Set(all));
      const type = types[extname(path)];
      if (type === undefined || !(await names).has(path)) return undefined;
      let file = read.get(path);
      if (!file) read.set(path, (file = folder.read(path).then((bytes) => panelFile(bytes, type))));
      return await file;
    },
  };
}

async function panelFile(content: Uint8Array, type: string): Promise<PanelFile> {
  const bytes = new Uint8Array(content);
  return { bytes, gzipped: new Uint8Array(await compress(bytes, { level: 9 })), type };
}
