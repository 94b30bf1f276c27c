import { mkdtempSync } from "node:fs";
import { join } from "node:path";

export const program = join(import.meta.dirname, "../packages/cli/bin/keruta.cjs");

/** The environment of keruta with a queue and settings of its own, below `directory`. */
export function makeHome(directory: string): { readonly home: string; readonly env: NodeJS.ProcessEnv } {
  const home = mkdtempSync(join(directory, "home-"));
  const own = { HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
  return { home, env: { ...process.env, ...own } };
}
