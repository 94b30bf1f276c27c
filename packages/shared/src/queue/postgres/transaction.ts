import type { Pool, PoolClient, QueryConfig } from "pg";
import type { Program } from "../sql/program.ts";
import { databaseCodeOf, endsConnection, type Stored } from "./failures.ts";
import type { Runner } from "./run.ts";

export interface TransactionParts {
  readonly pool: Pool;
  readonly runner: Runner;
  /** Taken before the queries that belong to the end. */
  readonly endLock: QueryConfig;
  /** Where a commit is told to other processes. */
  readonly channel: string;
}

/** The error of a transaction, with what became of it. */
export class TransactionError extends Error {
  override readonly name = "TransactionError";
  readonly stored: Stored;
  constructor(cause: unknown, stored: Stored) {
    super("a transaction failed", { cause });
    this.stored = stored;
  }
}

/** All queries of a program on one snapshot. */
export async function readOnce<T>(
  { pool, runner }: Pick<TransactionParts, "pool" | "runner">,
  program: () => Program<T>,
): Promise<T> {
  return onConnection(pool, async (client, begin) => {
    begin("begin isolation level repeatable read read only");
    const { result } = await runner.run(program(), client);
    // Nothing hangs on its answer, and what uses the connection next is sent after it.
    client.query("commit").catch(() => {});
    return result;
  });
}

/** A program from BEGIN to COMMIT. Throws a TransactionError where the server or the way to it is at fault. */
export async function writeOnce<T>(
  parts: TransactionParts,
  program: () => Program<T>,
  crash: { readonly beforeCommit: () => void; readonly afterCommit: () => void },
): Promise<T> {
  return onConnection(parts.pool, async (client, begin) => {
    let stored: Stored = "nothing";
    try {
      begin("begin isolation level read committed");
      const { result, atEnd, hasWritten } = await parts.runner.run(program(), client);
      crash.beforeCommit();
      stored = "unknown";
      if (hasWritten) await commit(client, atEnd, parts);
      else await client.query("rollback");
      crash.afterCommit();
      return result;
    } catch (error) {
      if (databaseCodeOf(error) === undefined) throw error;
      throw new TransactionError(error, endsConnection(error) ? stored : "nothing");
    }
  });
}

/** In one piece, so that the lock on the events is held for a commit's time and no way to the server and back. */
async function commit(
  client: PoolClient,
  atEnd: readonly QueryConfig[],
  { endLock, channel }: TransactionParts,
): Promise<void> {
  const uncork = cork(client);
  const answers = [
    ...(atEnd.length > 0 ? [client.query(endLock)] : []),
    ...atEnd.map((query) => client.query(query)),
    client.query({ name: "keruta_notify", text: "select pg_notify($1, '')", values: [channel] }),
    client.query("commit"),
  ];
  uncork();
  const last = (await Promise.all(answers)).at(-1);
  // A transaction that has failed ends with ROLLBACK, whatever it is asked for.
  if (last?.command !== "COMMIT") throw new Error(`a commit was answered with ${String(last?.command)}`);
}

/** What is sent until the function that it returns is called goes out at once: each piece would cost a system call. */
function cork({ connection: { stream } }: PoolClient): () => void {
  stream.cork();
  return () => {
    stream.uncork();
  };
}

type Begin = (text: string) => void;

/**
 * One connection of the pool for a transaction. One that broke while nobody used it shows that at its first query:
 * then nothing has happened, and another is taken.
 */
async function onConnection<T>(
  pool: Pool,
  work: (client: PoolClient, begin: Begin) => Promise<T>,
): Promise<T> {
  for (;;) {
    const client = await pool.connect();
    const wasUsed = used.has(client);
    used.add(client);
    let begun = Promise.resolve(true);
    const begin = (text: string) => {
      // Together with the first query, which comes before any microtask.
      queueMicrotask(cork(client));
      begun = client.query(text).then(
        () => true,
        () => false,
      );
    };
    try {
      const result = await work(client, begin);
      client.release();
      return result;
    } catch (error) {
      const hasBegun = await begun;
      await giveBack(client, error, hasBegun);
      if (hasBegun || !wasUsed) throw error;
    }
  }
}

const used = new WeakSet<PoolClient>();

async function giveBack(client: PoolClient, error: unknown, hasBegun: boolean): Promise<void> {
  const cause = error instanceof TransactionError ? error.cause : error;
  if (hasBegun && !endsConnection(cause)) {
    const isBack = await client.query("rollback").then(
      () => true,
      () => false,
    );
    if (isBack) return client.release();
  }
  client.release(true);
}
