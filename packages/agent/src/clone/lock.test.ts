import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTimeOf } from "../command/process-table.ts";
import { lockDirectory, lockName } from "./lock.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "keruta-lock-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const lock = (pauses: number[] = []) =>
  lockDirectory(directory, {
    pid: process.pid,
    platform: process.platform,
    kill: (pid, signal) => void process.kill(pid, signal),
    stop: new AbortController().signal,
    wait: async (milliseconds) => {
      pauses.push(milliseconds);
      await wait(100);
    },
  });

const path = () => join(directory, lockName);

function age(milliseconds: number): void {
  const time = new Date(Date.now() - milliseconds);
  utimesSync(path(), time, time);
}

test("a second one is refused while the first lives, and let in afterwards", async () => {
  const first = await lock();
  await expect(lock()).rejects.toThrow(/Another clone \(process \d+\) is at work/);
  await first[Symbol.asyncDispose]();
  await (await lock())[Symbol.asyncDispose]();
  expect(readdirSync(directory)).toEqual([]);
});

test("of many at once exactly one gets it", async () => {
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lock()));
  const held = tries.filter((one) => one.status === "fulfilled");
  expect(held).toHaveLength(1);
  await held[0]?.value[Symbol.asyncDispose]();
});

test.runIf(process.platform === "linux")(
  "a dead holder's is taken over at once, and its git is ended",
  async () => {
    const left = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    const ended = once(left, "exit");
    const held = await lock();
    held.noteGroup(left.pid ?? 0);
    // What a holder that was killed leaves: the file, with a process that is no more.
    await expect.poll(() => readFileSync(path(), "utf8")).toContain(`"pid":${String(left.pid)}`);
    const text = readFileSync(path(), "utf8").replace(startTimeOf(process.pid, process.platform), "1");
    writeFileSync(path(), text);
    await using taken = await lock();
    expect(taken).toBeDefined();
    expect((await ended)[1]).toBe("SIGKILL");
  },
);

test("one of another machine is waited for until it shows no life, then taken over", async () => {
  const pauses: number[] = [];
  writeFileSync(path(), JSON.stringify({ machine: "elsewhere", pid: 1, startTime: "1", group: null }));
  age(29_750);
  await using taken = await lock(pauses);
  expect(taken).toBeDefined();
  expect(pauses.length).toBeGreaterThan(1);
});

test("one of another machine that shows life is respected", async () => {
  writeFileSync(path(), JSON.stringify({ machine: "elsewhere", pid: 1, startTime: "1", group: null }));
  age(10_000);
  const attempt = lock();
  await wait(50);
  age(0);
  await expect(attempt).rejects.toThrow(/Another clone/);
});

test("an empty or broken lock file is judged by its age", async () => {
  for (const text of ["", "{", "[]", '{"pid":"x"}']) {
    writeFileSync(path(), text);
    age(60_000);
    const taken = await lock();
    expect(readFileSync(path(), "utf8")).toContain(`"pid":${String(process.pid)}`);
    await taken[Symbol.asyncDispose]();
  }
});
