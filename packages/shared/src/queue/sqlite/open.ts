import { closeSync, existsSync, openSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { isKerutaError } from "../../domain/error.ts";
import type { OpenArchive } from "../archive.ts";
import type { ProcessTable } from "../holder.ts";
import type { Queue } from "../queue.ts";
import type { ServerStore } from "../server-store.ts";
import { createSqlServerStore } from "../sql/server-store.ts";
import type { CrashPoint } from "../sql/crash-point.ts";
import { poolRandom } from "../random-pool.ts";
import { newToken, type Context } from "../sql/context.ts";
import { readUid } from "../sql/meta.ts";
import { writeSettings } from "../sql/settings.ts";
import { codeOf } from "../../domain/error-code.ts";
import { failureOf, notADatabase, onNetworkFileSystem } from "./failures.ts";
import { networkFileSystem, type FileSystem } from "./file-system.ts";
import { makeDirectory } from "./make-directory.ts";
import { migrate, schemaState } from "./migrate.ts";
import { giveUpReserve, openReserve } from "./reserve.ts";
import { createRoom } from "./room.ts";
import { createRunner } from "./run.ts";
import { createSqliteStore } from "./store.ts";

export interface SqliteQueueOptions {
  readonly path: string;
  readonly processes: ProcessTable;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** What the settings of a new database are, stored in the transaction that makes it. */
  readonly firstSettings?: () => Promise<Readonly<Record<string, string>>>;
  /** Who is written as the author of the first settings. */
  readonly createdBy?: string;
  /** How long a lock is waited for; the process does nothing else in that time. Default 10,000. */
  readonly busyMilliseconds?: number;
  /** Linux only: how network file systems are told. Absent elsewhere, where nothing is refused. */
  readonly fileSystem?: FileSystem;
  /** How archived blocks of logs are had. Absent: a log that has some cannot be read. */
  readonly openArchive?: OpenArchive | undefined;
  /** For tests: may end the process at a named point. */
  readonly crashPoint?: (name: CrashPoint) => void;
}

/**
 * Opens the queue in a file, and makes it where there is none (0600, in a directory of 0700). Many processes may
 * do so at once. Throws KRT_DB_… for everything that a file can be instead.
 */
export async function openSqliteQueue(options: SqliteQueueOptions): Promise<Queue> {
  return (await openSqliteStore(options)).queue;
}

/** As `openSqliteQueue`, with what a server needs besides. */
export async function openSqliteStore(options: SqliteQueueOptions): Promise<ServerStore> {
  try {
    return await openOnce(options);
  } catch (error) {
    if (wasReplaced(error)) return await openOnce(options);
    // Opening makes -shm and -wal: whoever looks at a queue on a full disk, or removes from it, needs them.
    if (!isKerutaError(error, "KRT_DB_FULL") || !giveUpReserve(options.path)) throw error;
    return await openOnce(options);
  }
}

/** By a restore, while its lock was waited for: SQLite writes to no file that another one has taken the name of. */
function wasReplaced(error: unknown): boolean {
  return isKerutaError(error) && error.details?.["cause"] === "SQLITE_READONLY_DBMOVED";
}

async function openOnce(options: SqliteQueueOptions): Promise<ServerStore> {
  const { path, processes, clock, random, openArchive, crashPoint = () => {} } = options;
  const { busyMilliseconds = defaultBusyMilliseconds } = options;
  const context: Context = { processes, clock, random: poolRandom(random) };
  const db = openFile(options);
  try {
    // A restored file has no WAL mode yet.
    const ready =
      schemaState(db, path) === "current" && db.pragma("journal_mode", { simple: true }) === "wal";
    if (!ready) await bringUpToDate(db, options, context);
    const uid = createRunner(db, crashPoint).run(readUid());
    const room = createRoom({ db, path, reserve: openReserve(path, clock), busyMilliseconds });
    const store = createSqliteStore({ db, path, room, crashPoint });
    return createSqlServerStore({ uid, name: `sqlite:${path}`, store, context, openArchive });
  } catch (error) {
    db.close();
    if (isKerutaError(error)) throw error;
    throw failureOf(error, path) ?? error;
  }
}

const defaultBusyMilliseconds = 10_000;

/** A connection with the settings that keruta's promises rest on. */
export function openFile({
  path,
  fileSystem,
  busyMilliseconds = defaultBusyMilliseconds,
}: Pick<SqliteQueueOptions, "path" | "fileSystem" | "busyMilliseconds">): Database.Database {
  try {
    prepareFile(path, fileSystem);
    const db = new Database(path, { timeout: busyMilliseconds });
    try {
      // Without it a commit is lost in a power cut: SQLite's default in WAL mode syncs only at checkpoints.
      db.pragma("synchronous = full");
      db.pragma("foreign_keys = on");
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    if (isKerutaError(error)) throw error;
    throw failureOf(error, path) ?? error;
  }
}

/** Only its owner may read what tasks say; SQLite gives -wal and -shm the file's own mode. */
function prepareFile(path: string, fileSystem: FileSystem | undefined): void {
  const directory = dirname(path);
  makeDirectory(directory, 0o700);
  if (fileSystem) {
    const network = networkFileSystem(realpathSync(directory), fileSystem);
    if (network !== undefined) throw onNetworkFileSystem(path, network);
  }
  if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
  else if (!statSync(path).isFile()) throw notADatabase(path);
}

async function bringUpToDate(
  db: Database.Database,
  options: SqliteQueueOptions,
  context: Context,
): Promise<void> {
  const { path, firstSettings, createdBy = "keruta", crashPoint = () => {} } = options;
  const first = schemaState(db, path) === "empty" && firstSettings ? await firstSettings() : {};
  // Before the first page is written, or never: `reclaim` needs it. Nothing happens to a file that has pages.
  db.pragma("auto_vacuum = incremental");
  await enterWalMode(db, options, context);
  const runner = createRunner(db, crashPoint);
  db.exec("begin immediate");
  try {
    const state = schemaState(db, path);
    if (state !== "current") migrate(db);
    if (state === "empty") {
      db.prepare("insert into meta (key, value) values ('uid', ?)").run(newToken(context));
      runner.run(writeSettings(first, createdBy, context.clock()));
    }
    if (state === "empty") crashPoint("create:before-commit");
    db.exec("commit");
    if (state === "empty") crashPoint("create:after-commit");
  } catch (error) {
    if (db.inTransaction) db.exec("rollback");
    throw error;
  }
}

/**
 * The switch to WAL does not wait for a lock that another process has while it switches too: SQLite answers
 * busy at once, whatever the time-out, so the waiting is done here.
 */
async function enterWalMode(
  db: Database.Database,
  options: SqliteQueueOptions,
  { random }: Context,
): Promise<void> {
  const { busyMilliseconds = defaultBusyMilliseconds } = options;
  let waited = 0;
  for (;;) {
    try {
      const mode = db.pragma("journal_mode = wal", { simple: true });
      if (mode === "wal") return;
      throw new Error(`SQLite stays in journal mode ${String(mode)}`);
    } catch (error) {
      if (!codeOf(error)?.startsWith("SQLITE_BUSY") || waited >= busyMilliseconds) throw error;
      const [spread = 0] = random(1);
      const delay = 5 + (spread % 20);
      waited += delay;
      await pause(delay);
    }
  }
}
