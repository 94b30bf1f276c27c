import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { KerutaError, type ErrorCode } from "../../domain/error.ts";
import { codeOf } from "../../domain/error-code.ts";
import type { Text } from "../../domain/text.ts";

/** What SQLite's and the file system's error codes mean for a person, or undefined where it is our bug. */
export function failureOf(error: unknown, path: string): KerutaError | undefined {
  const found = codeOf(error);
  if (found === undefined) return undefined;
  // SQLite says only that it cannot open where it may not make -wal and -shm; Node's mkdir says ENOENT there.
  const code = /^(SQLITE_CANTOPEN|ENOENT)/.test(found) ? (refusedWrite(path) ?? found) : found;
  const meaning = meanings.find(({ codes }) => codes.test(code));
  if (!meaning) return undefined;
  const { en, ja } = meaning.fact;
  return new KerutaError(
    meaning.code,
    { en: en.replace("PATH", path), ja: ja.replace("PATH", path) },
    { hint: meaning.hint, cause: error, details: { path, cause: code, ...meaning.details } },
  );
}

/** The code with which the system refuses to write the file or, where there is none, its directory. */
function refusedWrite(path: string): string | undefined {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    accessSync(place, constants.W_OK);
    if (place === path) accessSync(dirname(path), constants.W_OK);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

interface Meaning {
  readonly codes: RegExp;
  readonly code: ErrorCode;
  readonly fact: Text;
  readonly hint: Text;
  readonly details?: Readonly<Record<string, unknown>>;
}

const meanings: readonly Meaning[] = [
  {
    codes: /^SQLITE_(BUSY|LOCKED)/,
    code: "KRT_DB_BUSY",
    details: { transient: true, stored: "nothing" },
    fact: {
      en: "The queue PATH was locked by another process for longer than keruta waits.",
      ja: "キュー PATH が他のプロセスにロックされたまま、待ち時間を過ぎました。",
    },
    hint: {
      en: "Try again; if it stays so, find the process that has the file open (`lsof`) and end it.",
      ja: "もう一度実行してください。続くときは、ファイルを開いているプロセスを `lsof` で探して終了してください。",
    },
  },
  {
    codes: /^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)/,
    code: "KRT_DB_FULL",
    fact: {
      en: "There is no space left on the disk for the queue PATH, and nothing of this change was stored.",
      ja: "キュー PATH のディスクに空きがなく、この変更は保存されませんでした。",
    },
    hint: {
      en: "Free some space there, or name another place with --db or KERUTA_DB, and try again.",
      ja: "空きを作るか、--db または KERUTA_DB で別の場所を指定して、もう一度実行してください。",
    },
  },
  {
    codes: /^(SQLITE_READONLY|SQLITE_PERM|SQLITE_AUTH|EACCES|EPERM|EROFS)/,
    code: "KRT_DB_READ_ONLY",
    fact: {
      en: "The queue PATH cannot be written: the file, its directory or its file system does not allow it.",
      ja: "キュー PATH に書き込めません。ファイル、ディレクトリ、またはファイルシステムが許可していません。",
    },
    hint: {
      en: "Allow your user to write the file and its directory, or name another place with --db or KERUTA_DB.",
      ja: "ファイルとディレクトリへの書き込みを許可するか、--db または KERUTA_DB で別の場所を指定してください。",
    },
  },
  {
    codes: /^(SQLITE_NOTADB|EISDIR|SQLITE_CANTOPEN_ISDIR)/,
    code: "KRT_DB_NOT_A_DATABASE",
    fact: {
      en: "PATH is not a database of keruta, and was left as it is.",
      ja: "PATH は keruta のデータベースではありません（変更していません）。",
    },
    hint: {
      en: "Name another file with --db or KERUTA_DB; keruta makes a new database where there is no file.",
      ja: "--db または KERUTA_DB で別のファイルを指定してください。ファイルがなければ新しく作られます。",
    },
  },
  {
    codes: /^SQLITE_(CORRUPT|IOERR_SHORT_READ|IOERR_DATA|IOERR_CORRUPTFS)/,
    code: "KRT_DB_CORRUPT",
    fact: {
      en: "The queue PATH is damaged.",
      ja: "キュー PATH が壊れています。",
    },
    hint: {
      en: "See what is wrong with `keruta db check`, and go back to a copy with `keruta db restore FILE`.",
      ja: "`keruta db check` で内容を確認し、`keruta db restore FILE` でバックアップから戻してください。",
    },
  },
  {
    codes:
      /^(SQLITE_CANTOPEN|SQLITE_IOERR|SQLITE_NOLFS|ENOENT|ENOTDIR|EIO|ELOOP|ENAMETOOLONG|EEXIST|EMFILE|ENFILE)/,
    code: "KRT_DB_UNREACHABLE",
    fact: {
      en: "The queue PATH cannot be opened or read.",
      ja: "キュー PATH を開けないか、読めません。",
    },
    hint: {
      en: "Check the path and the disk, or name another place with --db or KERUTA_DB.",
      ja: "パスとディスクを確認するか、--db または KERUTA_DB で別の場所を指定してください。",
    },
  },
];

export function databaseNewer(path: string, found: number, known: number): KerutaError {
  return new KerutaError(
    "KRT_DB_NEWER",
    {
      en: `The queue ${path} has schema version ${String(found)}; this keruta knows versions up to ${String(known)}.`,
      ja: `キュー ${path} のスキーマはバージョン ${String(found)} ですが、この keruta が扱えるのは ${String(known)} までです。`,
    },
    {
      hint: {
        en: "Update keruta, or name another file with --db or KERUTA_DB.",
        ja: "keruta を更新するか、--db または KERUTA_DB で別のファイルを指定してください。",
      },
      details: { path, found, known },
    },
  );
}

export function notADatabase(path: string): KerutaError {
  const meaning = failureOf(
    Object.assign(new Error("another program's database"), { code: "SQLITE_NOTADB" }),
    path,
  );
  if (!meaning) throw new Error("SQLITE_NOTADB has no meaning");
  return meaning;
}

export function onNetworkFileSystem(path: string, type: string): KerutaError {
  return new KerutaError(
    "KRT_DB_NETWORK_FILE_SYSTEM",
    {
      en: `The queue ${path} is on a network file system (${type}), where SQLite's locks and memory maps do not hold.`,
      ja: `キュー ${path} はネットワークファイルシステム（${type}）上にあり、SQLite のロックが正しく働きません。`,
    },
    {
      hint: {
        en: "Name a file on a local disk with --db or KERUTA_DB; for many machines use PostgreSQL.",
        ja: "--db または KERUTA_DB でローカルディスク上のファイルを指定してください。複数台で使うなら PostgreSQL を使ってください。",
      },
      details: { path, type },
    },
  );
}
