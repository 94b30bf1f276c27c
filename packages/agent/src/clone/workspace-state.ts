import { mkdir, readdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { KerutaError } from "@keruta/shared/domain";
import { lockName } from "./lock.ts";

/** Kept in `.git`, so that a clone that was interrupted is known as ours and finished by the next. */
export interface CloneRecord {
  /** Without credentials. */
  readonly url: string;
  /** null from the start of a clone or update to its end. */
  readonly commit: string | null;
}

const recordName = "keruta-clone.json";

/** What file systems put into an empty volume. */
const ignored = new Set(["lost+found"]);

/** Real path of the directory, made where it is missing. */
export async function openDirectory(path: string): Promise<string> {
  if (!isAbsolute(path) || path.includes(":")) {
    throw problem(
      {
        en: `${JSON.stringify(path)} cannot be the path of a clone.`,
        ja: `${JSON.stringify(path)} はクローン先にできません。`,
      },
      { en: "Give an absolute path without a colon.", ja: "コロンを含まない絶対パスを指定してください。" },
    );
  }
  try {
    await mkdir(path, { recursive: true });
    return await realpath(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw problem(
      {
        en: `The directory ${path} cannot be made (${code}).`,
        ja: `ディレクトリ ${path} を作れません（${code}）。`,
      },
      {
        en: "Check that its parent is a directory that this user may write to.",
        ja: "親ディレクトリがあり、このユーザーが書き込めることを確認してください。",
      },
      error,
    );
  }
}

/** What lies in the directory besides `.git`, and in `.git` itself; null where there is no `.git`. */
export interface DirectoryContent {
  readonly files: readonly string[];
  readonly git: readonly string[] | null;
}

/** @throws KerutaError KRT_WORKSPACE where there is something that cannot become or be a clone. */
export async function readContent(directory: string): Promise<DirectoryContent> {
  const entries = await readdir(directory, { withFileTypes: true });
  const files = entries.map(({ name }) => name).filter((name) => name !== ".git" && !ignored.has(name));
  const dotGit = entries.find(({ name }) => name === ".git");
  if (dotGit === undefined) {
    if (files.length > 0) throw notEmpty(directory, files);
    return { files, git: null };
  }
  if (!dotGit.isDirectory()) throw notEmpty(directory, [".git (a file or link)"]);
  const git = (await readdir(join(directory, ".git"))).filter((name) => !name.startsWith(lockName));
  if (git.length === 0 && files.length > 0) throw notEmpty(directory, files);
  if (git.includes("commondir")) throw notEmpty(directory, [".git (another repository's worktree)"]);
  return { files, git };
}

export async function readRecord(directory: string): Promise<CloneRecord | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, ".git", recordName), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  return asRecord(text);
}

/** Whole or not at all: the next clone may come after a kill at any point. */
export async function writeRecord(directory: string, record: CloneRecord): Promise<void> {
  const path = join(directory, ".git", recordName);
  await writeFile(`${path}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${path}.new`, path);
}

/** @throws KerutaError that names both URLs. */
export function otherRepository(directory: string, found: string): KerutaError {
  return problem(
    {
      en: `The directory ${directory} already holds a clone of ${found}.`,
      ja: `ディレクトリ ${directory} には既に ${found} のクローンがあります。`,
    },
    {
      en: "Use another volume or repository.path for this repository, or empty the volume.",
      ja: "このリポジトリには別のボリュームか repository.path を使うか、ボリュームを空にしてください。",
    },
  );
}

function asRecord(text: string): CloneRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // A task may have written anything here; the repository's own configuration then tells the URL.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== "object" || value === null || !("url" in value) || typeof value.url !== "string")
    return undefined;
  const commit = "commit" in value && typeof value.commit === "string" ? value.commit : null;
  return { url: value.url, commit };
}

function notEmpty(directory: string, names: readonly string[]): KerutaError {
  const shown = names
    .slice(0, 5)
    .map((name) => JSON.stringify(name).slice(1, -1))
    .join(", ");
  const rest = names.length > 5 ? ` (+${String(names.length - 5)})` : "";
  return problem(
    {
      en: `The directory ${directory} is not empty and no clone: it holds ${shown}${rest}.`,
      ja: `ディレクトリ ${directory} はクローンではなく、${shown}${rest} があります。`,
    },
    {
      en: "Empty it, or set repository.path to a directory of its own.",
      ja: "空にするか、repository.path に専用のディレクトリを指定してください。",
    },
  );
}

function problem(
  text: { readonly en: string; readonly ja: string },
  hint: { readonly en: string; readonly ja: string },
  cause?: unknown,
): KerutaError {
  return new KerutaError("KRT_WORKSPACE", text, cause === undefined ? { hint } : { hint, cause });
}
