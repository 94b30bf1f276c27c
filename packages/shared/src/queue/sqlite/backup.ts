import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { isKerutaError, KerutaError } from "../../domain/error.ts";
import { randomToken } from "../sql/identity.ts";
import type { CheckProblem } from "../sql/check.ts";
import { problemsOf, refuseMissing } from "./check.ts";
import { codeOf } from "../../domain/error-code.ts";
import { failureOf, notADatabase } from "./failures.ts";
import { schemaState } from "./migrate.ts";

export interface BackupOptions {
  readonly path: string;
  /** Must not exist yet. */
  readonly to: string;
  readonly random: (bytes: number) => Uint8Array;
}

/** A whole and checked copy (0600) of a queue that may be in use; the name `to` appears only with the whole. */
export async function backupSqlite({ path, to, random }: BackupOptions): Promise<void> {
  refuseMissing(path);
  if (existsSync(to)) throw exists(to);
  const half = `${to}.${randomToken(random).slice(0, 8)}.partial`;
  try {
    await copyDatabase(path, half);
    moveInPlace(half, to);
  } finally {
    removeDatabase(half);
  }
}

/** Copies through SQLite, so that a writer or a WAL beside the source does no harm, and checks the copy. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = openReadOnly(from);
  try {
    if (schemaState(source, from) === "empty") throw notADatabase(from);
    closeSync(openSync(to, "wx", 0o600));
    await source.backup(to);
  } catch (error) {
    if (isKerutaError(error)) throw error;
    throw failureOf(error, isSourceError(error) ? from : to) ?? error;
  } finally {
    source.close();
  }
  const copy = new Database(to);
  try {
    // One file, without a WAL that could be left behind; whoever opens it as a queue switches back.
    copy.pragma("journal_mode = delete");
    const problems = problemsOf(copy);
    if (problems.length > 0) throw damaged(from, problems);
  } finally {
    copy.close();
  }
}

function openReadOnly(path: string): Database.Database {
  try {
    return new Database(path, { readonly: true, fileMustExist: true });
  } catch (error) {
    throw failureOf(error, path) ?? error;
  }
}

function isSourceError(error: unknown): boolean {
  return /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error) ?? "");
}

/** Renamed when all its bytes are on the disk, and the rename is on the disk when this returns. */
export function moveInPlace(half: string, to: string): void {
  try {
    syncFile(half);
    renameSync(half, to);
    syncFile(dirname(to));
  } catch (error) {
    throw failureOf(error, to) ?? error;
  }
}

export function syncFile(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export function removeDatabase(path: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(`${path}${suffix}`, { force: true });
}

function exists(path: string): KerutaError {
  return new KerutaError(
    "KRT_FILE_UNWRITABLE",
    { en: `${path} exists already.`, ja: `${path} はすでにあります。` },
    {
      hint: {
        en: "Name a new file for the backup, or remove that one first.",
        ja: "別のファイル名を指定するか、先にそのファイルを削除してください。",
      },
      details: { path },
    },
  );
}

function damaged(path: string, problems: readonly CheckProblem[]): KerutaError {
  const [first] = problems;
  const count = String(problems.length);
  const found = first ? `${first.rule}: ${first.detail}` : "";
  return new KerutaError(
    "KRT_DB_CORRUPT",
    {
      en: `${path} is damaged (${count} findings, the first: ${found}), and no copy was made of it.`,
      ja: `${path} が壊れているため（${count} 件、最初は ${found}）、コピーしませんでした。`,
    },
    {
      hint: {
        en: `See all findings with \`keruta db check --db ${path}\`, and use an older backup.`,
        ja: `\`keruta db check --db ${path}\` で詳細を確認し、古いバックアップを使ってください。`,
      },
      details: { path, problems },
    },
  );
}
