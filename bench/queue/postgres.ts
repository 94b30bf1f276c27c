import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { Queue } from "../../packages/shared/src/queue/index.ts";
import { openPostgresQueue } from "../../packages/shared/src/queue/postgres/index.ts";
import { createPostgres } from "../../test/postgres/server.ts";
import { timed } from "../measure.ts";
import { median, rowOf, type BenchRow } from "../row.ts";
import { claimAndReplace, drain, fill, openQueueOptions, openScratch } from "./scratch.ts";

/** PostgreSQL against SQLite, both with each commit on the disk. Empty where no server is installed. */
export async function benchPostgres(directory: string): Promise<readonly BenchRow[]> {
  chmodSync(directory, 0o755);
  const server = await createPostgres({ parent: directory, durable: true });
  if (!server) return [];
  const queue = await openPostgresQueue({ url: server.url, ...openQueueOptions });
  const peer = await openScratch(join(directory, "peer.db"));
  try {
    return [
      await claimAndSettle(queue, peer, 1),
      await claimAndSettle(queue, peer, 8),
      await claimDepth(queue, 100_000, 100),
    ];
  } finally {
    await Promise.all([queue.close(), peer.close()]);
    await server.dispose();
  }
}

/** In turns. */
async function claimAndSettle(queue: Queue, peer: Queue, concurrency: number): Promise<BenchRow> {
  const [turns, tasks] = [8, 250];
  let [ours, theirs] = [0, 0];
  for (let turn = 0; turn < turns; turn += 1) {
    await fill(queue, tasks);
    await fill(peer, tasks);
    ours += await timed(() => drain(queue, tasks, concurrency));
    theirs += await timed(() => drain(peer, tasks, concurrency));
  }
  const figures = {
    id: `claim-and-settle-postgres-${String(concurrency)}`,
    work: `claim and settle on PostgreSQL, concurrency ${String(concurrency)}`,
    unit: "tasks/s",
    against: "SQLite",
    target: null,
  };
  return rowOf(figures, (turns * tasks * 1000) / ours, (turns * tasks * 1000) / theirs);
}

async function claimDepth(queue: Queue, deep: number, shallow: number): Promise<BenchRow> {
  const claimAt = async (depth: number) => {
    const { counts } = await queue.queueStatus();
    await fill(queue, depth - counts.PENDING);
    const times: number[] = [];
    for (let round = 0; round < 300; round += 1) times.push(await claimAndReplace(queue, round));
    return median(times);
  };
  const peer = await claimAt(shallow);
  const ours = await claimAt(deep);
  const work = `claim on PostgreSQL with ${deep.toLocaleString("en")} queued`;
  const against = `with ${String(shallow)} queued`;
  return rowOf({ id: "claim-depth-postgres", work, unit: "ms", against, target: null }, ours, peer);
}
