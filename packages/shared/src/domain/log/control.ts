import type { Level } from "./stream.ts";

/** What a command tells keruta besides its output: by a `::keruta:` line or by `keruta-agent progress|artifact|log|output`. */
export type Control =
  | { readonly type: "progress"; readonly percent: number | null; readonly message: string }
  | { readonly type: "artifact"; readonly path: string }
  | { readonly type: "log"; readonly level: Level; readonly message: string }
  | { readonly type: "output"; readonly name: string; readonly value: string }
  /** The agent's own: the command was started (again). */
  | { readonly type: "started"; readonly pid: number; readonly restart: number };

/** Longest text in one control, UTF-8 bytes: a record must fit into 8,000 bytes with its JSON escapes. */
export const maxControlTextBytes = 1024;
