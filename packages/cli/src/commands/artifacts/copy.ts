import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { artifactPathProblem, codeOf, KerutaError } from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { fileError } from "../../files/file-error.ts";
import { halfName } from "../../files/replace-file.ts";
import type { ArtifactSource } from "./source.ts";

export interface Copy {
  readonly file: ArtifactFile;
  readonly source: ArtifactSource;
  readonly to: string;
  readonly force: boolean;
  readonly onBytes: (bytes: number) => void;
  /** Where it aborts, nothing is left of a file that is not whole. */
  readonly signal: AbortSignal;
}

/** The files that are not there yet. Throws where one would leave the directory or replace a different file. */
export async function checkTargets(
  files: readonly ArtifactFile[],
  directory: string,
  force: boolean,
): Promise<readonly ArtifactFile[]> {
  const missing: ArtifactFile[] = [];
  for (const file of files) {
    refuseUnsafe(file.path);
    await refuseLinks(directory, file.path);
    const present = await digestOf(join(directory, file.path));
    if (present === file.sha256) continue;
    if (present !== null && !force) throw exists(join(directory, file.path));
    missing.push(file);
  }
  return missing;
}

/** The list was checked when it was stored; a database or server from elsewhere may hold anything. */
function refuseUnsafe(path: string): void {
  const problem = artifactPathProblem(path);
  if (problem) throw refused(path, { en: `it ${problem.en}`, ja: problem.ja });
}

/** A link among the directories of the target would lead the file to where it points. */
async function refuseLinks(directory: string, path: string): Promise<void> {
  let current = directory;
  for (const part of path.split("/")) {
    current = join(current, part);
    const kind = await lstat(current).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return undefined;
      throw fileError(error, "write", current);
    });
    if (kind?.isSymbolicLink())
      throw refused(path, { en: `${current} is a symbolic link`, ja: `${current} はシンボリックリンクです` });
  }
}

async function digestOf(path: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      for await (const chunk of handle.createReadStream({ autoClose: false }))
        hash.update(chunk as Uint8Array);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw fileError(error, "write", path);
  }
  return hash.digest("hex");
}

/** Copies beside the target, compares the digest, and only then gives the file its name. */
export async function copyArtifact(
  { random }: Context,
  { file, source, to, force, onBytes, signal }: Copy,
): Promise<void> {
  const target = join(to, file.path);
  const half = halfName(target, random);
  try {
    await mkdir(join(target, ".."), { recursive: true });
    const digest = await copyBytes(await source.read(file), half, onBytes, signal);
    if (signal.aborted) return;
    if (digest !== file.sha256) throw damaged(source.nameOf(file));
    if (force) await rename(half, target);
    // Unlike a rename it fails where another process was quicker.
    else await link(half, target);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw exists(target);
    throw fileError(error, "write", target);
  } finally {
    await rm(half, { force: true });
  }
}

async function copyBytes(
  input: AsyncIterable<Uint8Array>,
  target: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256");
  const output = await open(target, "wx");
  try {
    for await (const chunk of input) {
      if (signal.aborted) break;
      hash.update(chunk);
      await output.writeFile(chunk);
      onBytes(chunk.length);
    }
    await output.sync();
  } finally {
    await output.close();
  }
  return hash.digest("hex");
}

function refused(path: string, why: { readonly en: string; readonly ja: string }): KerutaError {
  return new KerutaError(
    "KRT_ARTIFACT_REFUSED",
    { en: `Artifact ${path} is not copied: ${why.en}.`, ja: `成果物 ${path} はコピーしません。${why.ja}。` },
    {
      hint: {
        en: "Copy into an empty directory with --dir.",
        ja: "--dir で空のディレクトリを指定してください。",
      },
    },
  );
}

function exists(path: string): KerutaError {
  return new KerutaError(
    "KRT_FILE_UNWRITABLE",
    {
      en: `${path} is there already and differs.`,
      ja: `${path} は内容の異なるファイルとしてすでにあります。`,
    },
    {
      hint: {
        en: "Use --force to replace it, or --dir for another place.",
        ja: "--force で置き換えるか、--dir で別の場所を指定してください。",
      },
      details: { path },
    },
  );
}

function damaged(path: string): KerutaError {
  return new KerutaError(
    "KRT_ARTIFACT_STREAM",
    {
      en: `${path} is not what was collected: its digest differs.`,
      ja: `${path} は収集時の内容と異なります（ダイジェスト不一致）。`,
    },
    {
      hint: {
        en: "The store was changed; run the task again.",
        ja: "保存先が変更されています。タスクを再実行してください。",
      },
    },
  );
}
