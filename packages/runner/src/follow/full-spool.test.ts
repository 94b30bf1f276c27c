import { expect, test } from "vitest";
import { decodeLine } from "@keruta/shared/domain";
import { agentOf, bytesOf, memoryLog } from "./follow.harness.ts";
import {
  complete,
  expectContiguous,
  follow,
  gapsOf,
  keeperOf,
  newWorld,
  text,
} from "./log-keeper.harness.ts";
import type { ReadSpool } from "./log-keeper.ts";

const words = Array.from({ length: 60 }, (_, n) => `line ${String(n + 1)}\n`);
const agent = agentOf(
  words.map((line) => text("stdout", line)),
  5,
);
const lines = agent.wire.toString("latin1").split("\n").slice(0, -1);
/** Without the records of these sequences, as where a kubelet rotated them away. */
function wireWithout(first: number, last: number): Buffer {
  let sequence = 0;
  const kept = lines.filter((line) => {
    if (decodeLine(Buffer.from(line, "latin1")).kind !== "output") return true;
    sequence += 1;
    return sequence < first || sequence > last;
  });
  return Buffer.from(kept.map((line) => `${line}\n`).join(""), "latin1");
}

/** A spool that was full after so many entries, and the places from which it was read. */
function fullSpool(entries: number) {
  const reads: number[] = [];
  const readSpool: ReadSpool = async function* (after) {
    reads.push(after);
    yield await Promise.resolve(agent.spool.slice(after, entries));
    return true;
  };
  return { readSpool, reads };
}

const linesFrom = (first: number, last: number) => words.slice(first - 1, last).join("");

test("what a full spool does not have is a gap up to the next mark, and following goes on from there", async () => {
  const { readSpool, reads } = fullSpool(8);
  const queue = memoryLog();
  const world = newWorld();
  const log = await keeperOf(queue, world);
  await follow(log, wireWithout(22, 23), readSpool);
  expect(reads).toEqual([20]);
  expect(gapsOf(world.shown)).toHaveLength(1);
  expect(bytesOf(world.shown, "stdout").toString().endsWith(linesFrom(26, 60))).toBe(true);

  expect(await complete(log, agent, readSpool)).toMatchObject({ complete: false });
  expect(bytesOf(queue.entries, "stdout").toString()).toBe(linesFrom(1, 20) + linesFrom(26, 60));
  expect(gapsOf(queue.entries)).toMatchObject([
    { sequence: 21, lastSequence: 25, stdoutBytes: linesFrom(21, 25).length, reason: "spool-bound" },
  ]);
  expectContiguous(queue.entries, 60);
});

test("what it has is taken from it first", async () => {
  const queue = memoryLog();
  const log = await keeperOf(queue, newWorld());
  const { readSpool } = fullSpool(33);
  await follow(log, wireWithout(22, 37), readSpool);
  await complete(log, agent, readSpool);
  expect(gapsOf(queue.entries)).toMatchObject([
    { sequence: 34, lastSequence: 35 },
    { sequence: 36, lastSequence: 40 },
  ]);
  expect(bytesOf(queue.entries, "stdout").toString()).toBe(linesFrom(1, 33) + linesFrom(41, 60));
});

test("a driver that takes over after the gap has each entry once, and the gap too", async () => {
  const queue = memoryLog();
  const { readSpool } = fullSpool(8);
  const wire = wireWithout(22, 23);
  for (let cut = 0; cut < wire.length; cut += 200) {
    const log = await keeperOf(queue, newWorld());
    await follow(log, wire.subarray(0, cut), readSpool);
  }
  const log = await keeperOf(queue, newWorld());
  await follow(log, wire, readSpool);
  await complete(log, agent, readSpool);
  expect(gapsOf(queue.entries)).toMatchObject([{ sequence: 21, lastSequence: 25 }]);
  expect(bytesOf(queue.entries, "stdout").toString()).toBe(linesFrom(1, 20) + linesFrom(26, 60));
  expectContiguous(queue.entries, 60);
});

test("a spool that may have more later makes no gap of a hole", async () => {
  const queue = memoryLog();
  const log = await keeperOf(queue, newWorld());
  const readSpool: ReadSpool = async function* (after) {
    yield await Promise.resolve(agent.spool.slice(after, 8));
  };
  await follow(log, wireWithout(22, 23), readSpool);
  expect([log.position.sequence, gapsOf(queue.entries)]).toEqual([20, []]);
});
