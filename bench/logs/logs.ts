import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { LogEntry } from "../../packages/shared/src/domain/index.ts";
import type { Lease, LogQuery, Queue } from "../../packages/shared/src/queue/index.ts";
import { openPostgresQueue } from "../../packages/shared/src/queue/postgres/index.ts";
import { timed } from "../measure.ts";
import { fill, needClaim, openQueueOptions, openScratch } from "../queue/scratch.ts";
import { atLeast, rowOf, type BenchRow } from "../row.ts";
import { createPostgres } from "../../test/postgres/server.ts";

const batch = 500;
/** Of both sides in turns, so that a slow moment of the disk hits both. */
const turnBatches = 20;
const lines = 1_000_000;

/** Logs against a table of lines in SQLite, one transaction per 500 lines, with an index on nothing but its order. */
export async function benchLogs(directory: string): Promise<readonly BenchRow[]> {
  const scratch = mkdtempSync(join(directory, "logs-bench-"));
  const queue = await openScratch(join(scratch, "keruta.db"));
  const peer = openPeer(join(scratch, "peer.db"));
  try {
    const lease = await openLog(queue);
    const ingest = await benchIngest(queue, lease, peer);
    return [
      ingest,
      ...(await benchReading(queue, lease, peer, "SQLite")),
      ...(await onPostgres(directory, peer)),
    ];
  } finally {
    peer.close();
    await queue.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function openPeer(path: string): Database.Database {
  const peer = new Database(path);
  peer.pragma("journal_mode = wal");
  peer.pragma("synchronous = full");
  peer.exec(
    "create table lines (seq integer primary key, time integer, stream text, level text, message text)",
  );
  return peer;
}

async function openLog(queue: Queue): Promise<Lease> {
  await fill(queue, 1);
  return (await needClaim(queue)).lease;
}

function entriesFrom(first: number): LogEntry[] {
  return Array.from({ length: batch }, (_, n) => entry(first + n));
}

function entry(sequence: number): LogEntry {
  const level = sequence % 1000 === 0 ? "WARN" : "INFO";
  const text = `2026-11-26T00:00:00Z ${level} request ${String(sequence)} of client ${String((sequence * 7919) % 10_007)} took ${String(sequence % 83)} ms`;
  const bytes = new TextEncoder().encode(text);
  return { kind: "output", sequence, time: Date.now(), stream: "stdout", level, bytes, newline: true };
}

async function benchIngest(queue: Queue, lease: Lease, peer: Database.Database): Promise<BenchRow> {
  const insert = peer.prepare("insert into lines (seq, time, stream, level, message) values (?, ?, ?, ?, ?)");
  const insertAll = peer.transaction((entries: readonly LogEntry[]) => {
    for (const one of entries) {
      if (one.kind !== "output") continue;
      insert.run(one.sequence, one.time, one.stream, one.level, Buffer.from(one.bytes).toString());
    }
  });
  let [ours, theirs] = [0, 0];
  for (let first = 1; first <= lines; first += batch * turnBatches) {
    const batches = Array.from({ length: turnBatches }, (_, n) => entriesFrom(first + n * batch));
    ours += await timed(async () => {
      for (const entries of batches) await queue.appendLog(lease, entries);
    });
    theirs += await timed(async () => {
      for (const entries of batches) insertAll(entries);
    });
  }
  const figures = {
    id: "log-ingest",
    work: "store a log of 1,000,000 lines, 500 at a time",
    unit: "lines/s",
    against: "a SQLite transaction per 500 lines",
    target: atLeast(0.7),
  };
  return rowOf(figures, (lines * 1000) / ours, (lines * 1000) / theirs);
}

async function benchReading(
  queue: Queue,
  { taskId, attempt }: Lease,
  peer: Database.Database,
  store: "SQLite" | "PostgreSQL",
): Promise<readonly BenchRow[]> {
  const read = async (query: Partial<LogQuery>, expected: number) => {
    let found = 0;
    for await (const _ of queue.readLog({ taskId, attempt, ...query })) found += 1;
    if (found !== expected) throw new Error(`${String(found)} lines instead of ${String(expected)}`);
  };
  const ask = async (sql: string, expected: number) => {
    const found = peer.prepare(sql).all().length;
    if (found !== expected) throw new Error(`${String(found)} rows instead of ${String(expected)}`);
  };
  const row = async (asked: Asked): Promise<BenchRow> => {
    let [ours, theirs] = [0, 0];
    const rounds = 5;
    for (let round = 0; round < rounds; round += 1) {
      ours += (await timed(() => read(asked.query, asked.expected))) / rounds;
      theirs += (await timed(() => ask(asked.sql, asked.expected))) / rounds;
    }
    const work = `${asked.work} of 1,000,000 lines on ${store}`;
    const id = `log-${asked.id}-${store.toLowerCase()}`;
    return rowOf({ id, work, unit: "ms", against: "a table of lines in SQLite", target: null }, ours, theirs);
  };
  const word = "request 777777 ";
  const like = `select * from lines where message like '%${word}%'`;
  const tail = "select * from lines order by seq desc limit 100";
  const warnings = "select * from lines where level = 'WARN'";
  const one = { sql: like, expected: 1 };
  return [
    await row({ id: "tail", work: "the last 100", query: { tail: 100 }, sql: tail, expected: 100 }),
    await row({ id: "word", work: "a word", query: { grep: new RegExp(word) }, ...one }),
    await row({ id: "expression", work: "an expression", query: { grep: /request 7{6} / }, ...one }),
    await row({ id: "level", work: "warnings", query: { level: "WARN" }, sql: warnings, expected: 1000 }),
  ];
}

interface Asked {
  readonly id: string;
  readonly work: string;
  readonly query: Partial<LogQuery>;
  readonly sql: string;
  readonly expected: number;
}

async function onPostgres(directory: string, peer: Database.Database): Promise<readonly BenchRow[]> {
  // The server's own user goes through it.
  chmodSync(directory, 0o755);
  const server = await createPostgres({ parent: directory, durable: true });
  if (!server) return [];
  const queue = await openPostgresQueue({ url: server.url, ...openQueueOptions });
  try {
    const lease = await openLog(queue);
    for (let first = 1; first <= lines; first += batch) await queue.appendLog(lease, entriesFrom(first));
    return await benchReading(queue, lease, peer, "PostgreSQL");
  } finally {
    await queue.close();
    await server.dispose();
  }
}
