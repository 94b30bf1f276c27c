import { resolve } from "node:path";
import type { Context } from "../../context/context.ts";

/** `--to` as a location of an archive: a path begins where the command line was typed. */
export function archivePlaceOf({ directory }: Pick<Context, "directory">, to: string): string {
  return to.includes("://") ? to : resolve(directory, to);
}
