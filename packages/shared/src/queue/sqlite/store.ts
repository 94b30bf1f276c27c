import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { isKerutaError } from "../../domain/error.ts";
import type { CrashPoint } from "../sql/crash-point.ts";
import type { Program } from "../sql/program.ts";
import type { Store, Urgency } from "../sql/queue.ts";
import { watchChanges } from "./changes.ts";
import { failureOf } from "./failures.ts";
import { isFull, type Room } from "./room.ts";
import { createRunner } from "./run.ts";

export interface StoreParts {
  readonly db: Database;
  readonly path: string;
  readonly room: Room;
  readonly crashPoint: (name: CrashPoint) => void;
}

/** Moved in one transaction to the file's end and cut off: some milliseconds. */
const pagesAtOnce = 256;

interface Write {
  readonly perform: () => void;
  /** After the commit. */
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
  readonly name: string | undefined;
  readonly urgency: Urgency;
}

/**
 * Programs on one connection, each synchronously to its end, so that calls of one process cannot mix.
 *
 * Writes that are asked for in the same turn of the event loop share one commit: its sync to the disk is most of
 * what a write costs. Each has a savepoint, so one that throws takes nothing of the others with it.
 */
export function createSqliteStore({ db, path, room, crashPoint }: StoreParts): Store {
  const runner = createRunner(db, crashPoint);
  const [begin, beginImmediate, commit] = [
    db.prepare("begin"),
    db.prepare("begin immediate"),
    db.prepare("commit"),
  ];
  const savepoint = db.prepare("savepoint one");
  const release = db.prepare("release one");
  const changedRows = db.prepare("select total_changes()").pluck();
  const closing = new AbortController();
  let waiting: Write[] = [];
  let commits = 0;

  const meaning = (error: unknown): unknown =>
    isKerutaError(error) ? error : (failureOf(error, path) ?? error);

  const inTransaction = <T>(start: typeof begin, work: () => T): T => {
    try {
      start.run();
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      // A full disk or a broken file may have ended the transaction already.
      if (db.inTransaction) db.exec("rollback");
      throw error;
    }
  };

  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    const [usual, vital] = [batch.filter((write) => !isVital(write)), batch.filter(isVital)];
    if (room.isShort()) {
      refuse(usual, noRoom());
      attempt(vital);
    } else {
      attempt(batch);
    }
  };

  const attempt = (batch: readonly Write[]): void => {
    try {
      commitAll(batch);
    } catch (error) {
      if (!isFull(error)) return refuse(batch, error);
      const vital = batch.filter(isVital);
      refuse(
        batch.filter((write) => !isVital(write)),
        error,
      );
      if (vital.length === 0) return;
      if (vital.length < batch.length) attempt(vital);
      else attemptWithReserve(vital);
    }
  };

  const attemptWithReserve = (vital: readonly Write[]): void => {
    try {
      room.make();
      commitAll(vital);
    } catch (error) {
      refuse(vital, error);
    }
  };

  const refuse = (batch: readonly Write[], error: unknown): void => {
    for (const write of batch) write.failed(meaning(error));
  };

  const commitAll = (batch: readonly Write[]): void => {
    if (batch.length === 0) return;
    const alive: Write[] = [];
    const refused: { readonly write: Write; readonly error: unknown }[] = [];
    const rowsBefore = changedRows.get();
    inTransaction(beginImmediate, () => {
      for (const write of batch) {
        const refusal = perform(write, batch.length === 1);
        if (refusal) refused.push({ write, error: refusal.error });
        else alive.push(write);
      }
      if (!batch.every(isVital) && room.isTooLarge()) throw noRoom();
      for (const { name } of alive) if (name) crashPoint(`${name}:before-commit` as CrashPoint);
    });
    // A claim that found nothing is no change: two idle workers would wake each other for ever.
    const isChange = changedRows.get() !== rowsBefore;
    if (isChange) commits += 1;
    for (const { name } of alive) if (name) crashPoint(`${name}:after-commit` as CrashPoint);
    // Not before the commit: without it the write is made again, beside others, and may be stored then.
    for (const { write, error } of refused) refuse([write], error);
    for (const write of alive) write.done();
    if (isChange) room.committed();
  };

  /** Returns why a write is not to be stored. One alone needs no savepoint: its failure is the transaction's. */
  const perform = (write: Write, alone: boolean): { readonly error: unknown } | undefined => {
    if (alone) {
      write.perform();
      return undefined;
    }
    savepoint.run();
    try {
      write.perform();
      release.run();
      return undefined;
    } catch (error) {
      // With the transaction gone, nothing of the whole batch is left; on a full disk the vital ones go first.
      if (!db.inTransaction || isFull(error)) throw error;
      db.exec("rollback to one; release one");
      return { error };
    }
  };

  const enqueue = <T>(program: () => Program<T>, name?: string, urgency: Urgency = "usual"): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      let result: { value: T } | undefined;
      const perform = () => (result = { value: runner.run(program()) });
      const done = () => {
        if (result) resolve(result.value);
      };
      if (waiting.push({ perform, done, failed: reject, name, urgency }) === 1) setImmediate(flush);
    });

  return {
    read: async (program) => {
      try {
        return inTransaction(begin, () => runner.run(program()));
      } catch (error) {
        throw meaning(error);
      }
    },
    write: enqueue,
    changes: (signal) =>
      watchChanges({
        path,
        signal: AbortSignal.any([signal, closing.signal]),
        version: () => `${String(db.pragma("data_version", { simple: true }))}.${String(commits)}`,
      }),
    reclaim: async (signal) => {
      const freePages = db.prepare("pragma freelist_count").pluck();
      for (let before = Infinity; !signal.aborted;) {
        const left = freePages.get() as number;
        // A file from before auto_vacuum keeps its pages.
        if (left === 0 || left >= before) break;
        before = left;
        db.pragma(`incremental_vacuum(${String(pagesAtOnce)})`);
        await nextTurn();
      }
      // The file itself is cut by a checkpoint only.
      db.pragma("wal_checkpoint(passive)");
    },
    close: async () => {
      // What was asked for before is still done: its callers wait for it.
      if (waiting.length > 0) flush();
      closing.abort();
      db.close();
    },
  };
}

function isVital({ urgency }: Write): boolean {
  return urgency === "vital";
}

/** As SQLite says it: what is left of the disk is kept for others. */
function noRoom(): Error {
  return Object.assign(new Error("what is left of the disk is kept for vital writes"), {
    code: "SQLITE_FULL",
  });
}
