import { createHash, type Hash } from "node:crypto";
import type { RotationRule } from "../../packages/shared/src/domain/index.ts";
import { newTask, resultOf, terms } from "../../packages/shared/src/queue/queue.harness.ts";
import type { Lease, Queue, ServerStore } from "../../packages/shared/src/queue/index.ts";
import type { LogEntry } from "../../packages/shared/src/domain/index.ts";
import { processes } from "./store.harness.ts";

/** What is over a megabyte moves, and all of what has ended. */
export const rotation: RotationRule = { rotation: { bytes: 1 << 20, age: 0 }, usual: { logs: 1 } };

export interface WrittenLog {
  readonly taskId: string;
  readonly lease: Lease;
  readonly hash: Hash;
  sequence: number;
  bytes: number;
}

/** An attempt that is open, with an empty log. */
export async function startLog({ queue }: ServerStore): Promise<WrittenLog> {
  await queue.addTask(newTask());
  const claim = await queue.claim(terms(processes.self));
  if (!claim) throw new Error("nothing to claim");
  return { taskId: claim.task.id, lease: claim.lease, hash: createHash("sha256"), sequence: 0, bytes: 0 };
}

/** Appends lines of about `bytes` bytes, as a program writes them. */
export async function writeLines({ queue }: ServerStore, log: WrittenLog, bytes: number): Promise<void> {
  let entries: LogEntry[] = [];
  for (let written = 0; written < bytes;) {
    log.sequence += 1;
    const level = log.sequence % 97 === 0 ? "ERROR" : "INFO";
    const words = `${String(log.sequence)} ${level} of ${log.taskId}: ${String(Math.random())} `;
    const line = new TextEncoder().encode(words.repeat(1 + (log.sequence % 40)).slice(0, 2000));
    entries.push({
      kind: "output",
      sequence: log.sequence,
      time: Date.now(),
      stream: "stdout",
      level,
      bytes: line,
      newline: true,
    });
    log.hash.update(line).update("\n");
    written += line.length + 1;
    log.bytes += line.length + 1;
    if (entries.length < 500) continue;
    await queue.appendLog(log.lease, entries);
    entries = [];
  }
  if (entries.length > 0) await queue.appendLog(log.lease, entries);
}

export async function endLog({ queue }: ServerStore, { lease }: WrittenLog): Promise<void> {
  await queue.settle(lease, resultOf(), null);
}

/** Digest and size of the output as a reader gets it; gaps count as what they are. */
export async function readBack(
  queue: Queue,
  taskId: string,
): Promise<{ sha256: string; bytes: number; gaps: number }> {
  const hash = createHash("sha256");
  let [bytes, gaps] = [0, 0];
  for await (const entry of queue.readLog({ taskId, attempt: 1 })) {
    if (entry.kind === "gap") gaps += 1;
    if (entry.kind !== "output") continue;
    hash.update(entry.bytes);
    if (entry.newline) hash.update("\n");
    bytes += entry.bytes.length + (entry.newline ? 1 : 0);
  }
  return { sha256: hash.digest("hex"), bytes, gaps };
}
