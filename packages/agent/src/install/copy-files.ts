import { chmod, constants, copyFile, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "@keruta/shared/domain";

const mode = 0o755;

/**
 * Copies the files of a directory. Each appears whole, so that one that is there with its size is left as it is:
 * a program that runs cannot be written to. Until it is whole a file has a name that ends in `unfinished`, which no
 * two that copy at once share.
 */
export async function copyFiles(source: string, target: string, unfinished: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await chmod(target, mode);
  for (const name of await readdir(source)) {
    const [from, to] = [join(source, name), join(target, name)];
    if ((await sizeOf(to)) === (await sizeOf(from))) continue;
    const part = join(target, `.${name}${unfinished}`);
    try {
      await copyFile(from, part, constants.COPYFILE_FICLONE);
      await chmod(part, mode);
      await rename(part, to);
    } finally {
      await rm(part, { force: true });
    }
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
