import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { PanelFile, PanelFiles } from "../deps/panel-files.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const compress = promisify(gzip);

/** The files below a directory. Only what it holds is ever read: no path of a request becomes one of the disk. */
export function panelFilesIn(directory: string): PanelFiles {
  let names: Promise<ReadonlySet<string>> | undefined;
  const read = new Map<string, Promise<PanelFile>>();
  return {
    async file(path) {
      names ??= namesIn(directory);
      const type = types[extname(path)];
      if (type === undefined || !(await names).has(path)) return undefined;
      let file = read.get(path);
      if (!file) read.set(path, (file = readPanelFile(join(directory, path), type)));
      return await file;
    },
  };
}

async function namesIn(directory: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(directory, join(entry.parentPath, entry.name)));
  return new Set(paths.map((path) => path.split(sep).join("/")));
}

async function readPanelFile(path: string, type: string): Promise<PanelFile> {
  const bytes = new Uint8Array(await readFile(path));
  return { bytes, gzipped: new Uint8Array(await compress(bytes, { level: 9 })), type };
}
