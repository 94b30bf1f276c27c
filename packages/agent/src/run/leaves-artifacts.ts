import { readdir, stat } from "node:fs/promises";
import { codeOf } from "@keruta/shared/domain";

/** True where the command left files to be collected that the task did not name: `collect` finds them here. */
export async function leavesArtifacts(directory: string | null, list: string): Promise<boolean> {
  if (directory !== null && (await unlessMissing(readdir(directory)))?.length) return true;
  return ((await unlessMissing(stat(list)))?.size ?? 0) > 0;
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
