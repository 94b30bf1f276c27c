import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { cache } from "../images/make-image.ts";
import { run } from "../images/run.ts";

export interface ArchiveInput {
  /** `.tar.gz`. */
  readonly file: string;
  /** Name of the one directory in it. */
  readonly directory: string;
  /** A program by its place on the disk. */
  readonly program: { readonly name: string; readonly from: string };
  readonly texts: Readonly<Record<string, string>>;
  readonly epoch: number;
}

/** The same bytes from the same files: names sorted, one time, nobody's files. */
export async function writeArchive({ file, directory, program, texts, epoch }: ArchiveInput): Promise<void> {
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(join(cache, ".archive-"));
  try {
    const inside = join(aside, directory);
    await mkdir(inside, { mode: 0o755 });
    await copyFile(program.from, join(inside, program.name));
    await chmod(join(inside, program.name), 0o755);
    for (const [name, text] of Object.entries(texts))
      await writeFile(join(inside, name), text, { mode: 0o644 });
    const same = ["--sort=name", `--mtime=@${String(epoch)}`, "--owner=0", "--group=0", "--numeric-owner"];
    const tar = join(aside, "archive.tar");
    await run("tar", [...same, "--format=ustar", "-cf", tar, "-C", aside, directory]);
    await compress(tar, file);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** zlib writes neither name nor time. */
export async function compress(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createGzip({ level: 6 }), createWriteStream(to));
}
