import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { PanelFolder } from "../deps/panel-files.ts";

/** A directory and all below it; one that is not there has no files. */
export function folderAt(directory: string): PanelFolder {
  return {
    async names() {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = entries.filter((entry) => entry.isFile());
      const paths = files.map((entry) => relative(directory, join(entry.parentPath, entry.name)));
      return paths.map((path) => path.split(sep).join("/"));
    },
    read: (name) => readFile(join(directory, name)),
  };
}
