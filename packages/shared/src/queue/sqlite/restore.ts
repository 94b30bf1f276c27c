import { rmSync } from "node:fs";
import Database from "better-sqlite3";
import { isKerutaError, KerutaError } from "../../domain/error.ts";
import { holderName, isProvablyDead, type ProcessTable } from "../holder.ts";
import type { CrashPoint } from "../sql/crash-point.ts";
import { randomToken } from "../sql/identity.ts";
import { holderOf } from "../sql/rows.ts";
import { copyDatabase, moveInPlace, removeDatabase, syncFile } from "./backup.ts";
import { refuseMissing } from "./check.ts";
import { failureOf } from "./failures.ts";
import { migrate, schemaState } from "./migrate.ts";
import { openFile } from "./open.ts";

export interface RestoreOptions {
  readonly from: string;
  readonly path: string;
  readonly processes: ProcessTable;
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Also over a queue whose attempts run, or that is damaged. */
  readonly force?: boolean;
  readonly crashPoint?: (name: CrashPoint) => void;
}

/**
 * Puts a backup in the place of a queue. The copy is verified first; until it is renamed into place the old queue
 * is whole. Throws KRT_DB_BUSY while another process has the queue open, or attempts run in it.
 */
export async function restoreSqlite(options: RestoreOptions): Promise<void> {
  const { from, path, random, force = false, crashPoint = () => {} } = options;
  refuseMissing(from);
  const half = `${path}.${randomToken(random).slice(0, 8)}.partial`;
  try {
    await copyDatabase(from, half);
    migrateCopy(half);
    // It may take seconds, for which nobody need wait.
    syncFile(half);
    const release = holdAlone(options, force);
    try {
      crashPoint("restore:verified");
      moveInPlace(half, path);
      crashPoint("restore:renamed");
    } finally {
      release();
    }
  } finally {
    removeDatabase(half);
  }
}

function migrateCopy(half: string): void {
  const copy = new Database(half);
  try {
    if (schemaState(copy, half) === "behind") copy.transaction(() => migrate(copy)).exclusive();
  } finally {
    copy.close();
  }
}

/**
 * Makes sure that nobody uses the old file until it is released, and that no WAL is beside it: a WAL of the old one next
 * to the new one would be taken for its own. Whoever has opened it and waits finds afterwards that it was moved.
 */
function holdAlone({ path, processes, clock }: RestoreOptions, force: boolean): () => void {
  let db: Database.Database | undefined;
  try {
    // Also where there is none: a WAL without its file is removed so, and no other process makes a queue meanwhile.
    const opened = openFile({ path, busyMilliseconds: 2000 });
    db = opened;
    if (schemaState(opened, path) !== "empty" && !force) refuseLiveLeases(opened, path, processes, clock());
    lockWithoutWal(opened);
    return () => opened.close();
  } catch (error) {
    db?.close();
    const failure = isKerutaError(error) ? error : failureOf(error, path);
    const replaceable = failure?.code === "KRT_DB_CORRUPT" || failure?.code === "KRT_DB_NOT_A_DATABASE";
    if (!force || !replaceable) throw failure ?? error;
    for (const suffix of ["-wal", "-shm", "-journal"]) rmSync(`${path}${suffix}`, { force: true });
    return () => undefined;
  }
}

/** Leaving WAL mode removes the WAL, and is refused while there is another user. */
function lockWithoutWal(db: Database.Database): void {
  for (;;) {
    db.pragma("journal_mode = delete");
    db.exec("begin exclusive");
    if (db.pragma("journal_mode", { simple: true }) === "delete") return;
    // Another process has opened it in between, and has a WAL again.
    db.exec("rollback");
  }
}

function refuseLiveLeases(db: Database.Database, path: string, processes: ProcessTable, now: number): void {
  const holders = db
    .prepare("select distinct holder from attempts where settled_at is null and lease_expires_at > ?")
    .pluck()
    .all(now) as string[];
  const alive = holders.map(holderOf).filter((holder) => !isProvablyDead(holder, processes));
  if (alive.length === 0) return;
  const names = alive.map(holderName).join(", ");
  throw new KerutaError(
    "KRT_DB_BUSY",
    {
      en: `Tasks of the queue ${path} are being run by ${names}.`,
      ja: `キュー ${path} のタスクを ${names} が実行中です。`,
    },
    {
      hint: {
        en: "Wait until they have ended or cancel them, or replace the queue all the same with --force.",
        ja: "終了を待つか中止してください。それでも置き換えるには --force を指定してください。",
      },
      details: { path, holders: alive.map(holderName) },
    },
  );
}
