import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { better, defineQueue } from "plainjob";
import { timed } from "../measure.ts";
import { atLeast, atMost, median, rowOf, type BenchRow } from "../row.ts";
import { claimAndReplace, drain, fill, openScratch } from "./scratch.ts";

const tasks = 10_000;
/** Both sides take turns of so many tasks, so that a slow moment of the disk hits both. */
const turn = 500;
const claims = 300;

/** `directory`: on a disk, since a memory file system syncs for nothing. */
export async function benchClaims(directory: string): Promise<readonly BenchRow[]> {
  return [
    await benchClaimAndSettle(directory, 10),
    await benchClaimAndSettle(directory, 1),
    await benchDepth(directory),
    await benchNamespace(directory),
  ];
}

/** `concurrency`: attempts that one worker drives at a time, whose writes share commits; plainjob's does one at a time. */
async function benchClaimAndSettle(directory: string, concurrency: number): Promise<BenchRow> {
  const scratch = mkdtempSync(join(directory, "claims-"));
  const queue = await openScratch(join(scratch, "keruta.db"));
  const database = new Database(join(scratch, "plainjob.db"));
  const peer = defineQueue({ connection: better(database) });
  // plainjob sets synchronous = NORMAL when it opens; equal settings are FULL.
  database.pragma("synchronous = full");
  const drainPeer = async () => {
    for (let n = 0; n < turn; n += 1) {
      const job = peer.getAndMarkJobAsProcessing("task");
      if (!job) throw new Error("the peer's queue is empty too early");
      peer.markJobAsDone(job.id);
    }
  };
  try {
    await fill(queue, tasks);
    peer.addMany(
      "task",
      Array.from({ length: tasks }, (_, n) => ({ n })),
    );
    let [ours, theirs] = [0, 0];
    for (let done = 0; done < tasks; done += turn) {
      const oursFirst = (done / turn) % 2 === 0;
      if (oursFirst) ours += await timed(() => drain(queue, turn, concurrency));
      theirs += await timed(drainPeer);
      if (!oursFirst) ours += await timed(() => drain(queue, turn, concurrency));
    }
    const count = tasks.toLocaleString("en");
    const figures = {
      id: `claim-and-settle-${String(concurrency)}`,
      work: `claim and settle ${count} tasks, concurrency ${String(concurrency)}`,
      unit: "tasks/s",
      against: "plainjob, synchronous=FULL",
      target: atLeast(1),
      boundBy:
        "Each task is two commits, of claim and of settling, as plainjob's; ours write 14 pages to the write-ahead log (task, attempt, events and their indexes), plainjob's 6.",
    };
    return rowOf(figures, (tasks * 1000) / ours, (tasks * 1000) / theirs);
  } finally {
    peer.close();
    await queue.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function benchDepth(directory: string): Promise<BenchRow> {
  const scratch = mkdtempSync(join(directory, "claims-"));
  const deep = await openScratch(join(scratch, "deep.db"));
  const shallow = await openScratch(join(scratch, "shallow.db"));
  try {
    await fill(deep, 100_000);
    await fill(shallow, 100);
    const [ours, peer]: [number[], number[]] = [[], []];
    for (let round = 0; round < claims; round += 1) {
      ours.push(await claimAndReplace(deep, round));
      peer.push(await claimAndReplace(shallow, round));
    }
    const work = "claim with 100,000 queued";
    const figures = { id: "claim-depth", work, unit: "ms", against: "with 100 queued", target: atMost(1.5) };
    return rowOf(figures, median(ours), median(peer));
  } finally {
    await deep.close();
    await shallow.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A token that is bound to a namespace claims its last tasks behind all others'. */
async function benchNamespace(directory: string): Promise<BenchRow> {
  const scratch = mkdtempSync(join(directory, "claims-"));
  const queue = await openScratch(join(scratch, "bound.db"));
  try {
    await fill(queue, 100_000, "others");
    await fill(queue, 100, "own");
    const [ours, peer]: [number[], number[]] = [[], []];
    for (let round = 0; round < claims; round += 1) {
      ours.push(await claimAndReplace(queue, round, "own"));
      peer.push(await claimAndReplace(queue, round));
    }
    const figures = {
      id: "claim-namespace",
      work: "claim of a namespace with 100 of 100,100 queued",
      unit: "ms",
      against: "a claim of all",
      target: atMost(2),
    };
    return rowOf(figures, median(ours), median(peer));
  } finally {
    await queue.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
