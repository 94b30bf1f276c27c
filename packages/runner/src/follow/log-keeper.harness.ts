import { expect } from "vitest";
import {
  createLevelDetector,
  lastSequenceOf,
  type GapEntry,
  type LogEntry,
  type StreamName,
} from "@keruta/shared/domain";
import type { LogStore } from "@keruta/shared/queue";
import { completeLog } from "./complete-log.ts";
import { agentOf, type Write } from "./follow.harness.ts";
import { followWire } from "./follow-wire.ts";
import { createLogKeeper, type LogKeeper, type ReadSpool } from "./log-keeper.ts";
import { createResumingTracker } from "./resuming-tracker.ts";

const lease = { taskId: "k7m2xqaf4t", attempt: 1, token: "t" };
export const detect = createLevelDetector();

export interface World {
  now: number;
  readonly shown: LogEntry[];
  told: number;
}

export function newWorld(): World {
  return { now: 0, shown: [], told: 0 };
}

export function keeperOf(queue: LogStore, world: World, dropDebug = false): Promise<LogKeeper> {
  return createLogKeeper({
    queue,
    lease,
    detect,
    dropDebug,
    clock: () => world.now,
    show: async (entries) => void world.shown.push(...entries.map((entry) => structuredClone(entry))),
    onFull: () => (world.told += 1),
  });
}

export type Agent = ReturnType<typeof agentOf>;

export const spoolOf = (agent: Agent): ReadSpool =>
  async function* (after) {
    const left = agent.spool.filter(({ sequence }) => sequence > after);
    for (let at = 0; at < left.length; at += 7) yield left.slice(at, at + 7);
  };
export const noSpool: ReadSpool = async function* () {};

interface FollowPart {
  readonly chunk?: number;
  readonly onChunk?: (at: number) => void;
}

/** Follows a part of the wire; `onChunk` after each of its chunks. */
export async function follow(
  log: LogKeeper,
  wire: Uint8Array,
  readSpool: ReadSpool,
  { chunk = 50, onChunk }: FollowPart = {},
) {
  const tracker = createResumingTracker(log.position);
  await followWire({
    wire: (async function* () {
      for (let at = 0; at < wire.length; at += chunk) {
        yield wire.subarray(at, at + chunk);
        onChunk?.(at);
      }
    })(),
    tracker,
    log,
    openLine: (record) => ({ record, time: 1 }),
    onControl: () => undefined,
    readSpool,
  });
}

export const complete = (log: LogKeeper, agent: Agent, readSpool: ReadSpool) =>
  completeLog({ log, report: agent.report, readSpool, clock: () => 2 });

export const text = (stream: StreamName, words: string): Write => ({
  stream,
  bytes: new Uint8Array(Buffer.from(words)),
});
export const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => text(n % 3 === 0 ? "stderr" : "stdout", `line ${String(n)}\n`));
export const gapsOf = (entries: readonly LogEntry[]) =>
  entries.filter((entry): entry is GapEntry => entry.kind === "gap");

export function expectContiguous(entries: readonly LogEntry[], last: number): void {
  let next = 1;
  for (const entry of entries) {
    expect(entry.sequence).toBe(next);
    next = lastSequenceOf(entry) + 1;
  }
  expect(next).toBe(last + 1);
}
