import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

export interface Released {
  readonly name: string;
  readonly bytes: number;
}

/** SHA256SUMS of all files of a directory, as `sha256sum --check` reads it. */
export async function writeChecksums(directory: string): Promise<readonly Released[]> {
  const names = (await readdir(directory)).filter((name) => name !== "SHA256SUMS").toSorted();
  const files = await Promise.all(
    names.map(async (name) => {
      const hash = createHash("sha256");
      await pipeline(createReadStream(join(directory, name)), hash);
      const { size } = await stat(join(directory, name));
      return { name, bytes: size, digest: hash.digest("hex") };
    }),
  );
  const lines = files.map(({ name, digest }) => `${digest}  ${name}\n`);
  await writeFile(join(directory, "SHA256SUMS"), lines.join(""));
  return files;
}
