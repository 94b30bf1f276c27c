import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LogEntry } from "../domain/log/entry.ts";
import {
  claimed,
  line,
  newTask,
  resultOf,
  textOf,
  type OpenHarness,
  type QueueHarness,
} from "./queue.harness.ts";
import type { Lease, LogQuery, Queue } from "./queue.ts";

export function describeQueueLog(name: string, open: OpenHarness): void {
  describe(`${name}: logs`, () => {
    let harness: QueueHarness;
    let queue: Queue;
    let lease: Lease;
    beforeEach(async () => {
      harness = await open();
      ({ queue } = harness);
      lease = await newLease();
    });
    afterEach(() => harness.dispose());

    const newLease = async () => {
      await queue.addTask(newTask());
      return (await claimed(queue, harness.world.holder(1))).lease;
    };
    const query = (change: Partial<LogQuery> = {}): LogQuery => ({
      taskId: lease.taskId,
      attempt: 1,
      ...change,
    });
    const read = async (change?: Partial<LogQuery>) => {
      const entries: LogEntry[] = [];
      for await (const entry of queue.readLog(query(change))) entries.push(entry);
      return entries;
    };

    test("a result that does not count the whole log is refused and changes nothing; one that does is taken", async () => {
      await queue.appendLog(lease, [line(1, "one"), line(2, "two")]);
      const { log } = resultOf();
      await expect(queue.settle(lease, resultOf({ log }), null, 1)).rejects.toMatchObject({
        code: "KRT_USAGE",
        details: { sequence: 2, expected: 1 },
      });
      expect(await queue.getTask(lease.taskId)).toMatchObject({
        status: "IN_PROGRESS",
        attempt: { reason: null },
      });
      await queue.appendLog(lease, [line(3, "three")]);
      expect((await queue.settle(lease, resultOf({ log }), null, 3)).status).toBe("COMPLETED");
      // Settling again is what a driver does that does not know whether it has.
      expect((await queue.settle(lease, resultOf({ log }), null, 0)).status).toBe("COMPLETED");
    });

    test("gives back every byte, and drops what comes twice", async () => {
      const entries = Array.from({ length: 3000 }, (_, n) =>
        line(n + 1, `${"x".repeat(n % 700)}${String(n)}`, {
          stream: n % 3 === 0 ? "stderr" : "stdout",
          newline: n % 7 !== 0,
        }),
      );
      let at = 0;
      for (const size of [1, 1, 500, 30, 2000, 468]) {
        await queue.appendLog(lease, entries.slice(Math.max(0, at - 20), at + size));
        at += size;
      }
      // As text: a difference in the middle of a million bytes is not to be printed byte by byte.
      const shown = (all: readonly LogEntry[]) =>
        all.map((entry) =>
          entry.kind === "output" ? { ...entry, bytes: Buffer.from(entry.bytes).toString() } : entry,
        );
      expect(shown(await read())).toEqual(shown(entries));
      const position = await queue.appendLog(lease, entries);
      const bytes = (stream: string) =>
        entries
          .filter((entry) => entry.stream === stream)
          .reduce((sum, { bytes: { length }, newline }) => sum + length + (newline ? 1 : 0), 0);
      expect(position).toEqual({
        sequence: 3000,
        stdoutBytes: bytes("stdout"),
        stderrBytes: bytes("stderr"),
      });
    });

    test("refuses a hole, and stores nothing of it", async () => {
      await queue.appendLog(lease, [line(1, "a")]);
      await expect(queue.appendLog(lease, [line(2, "b"), line(4, "d")])).rejects.toMatchObject({
        code: "KRT_USAGE",
      });
      expect(await textOf(queue, query())).toBe("a\n");
    });

    test("goes on after a gap, which counts the bytes it stands for", async () => {
      await queue.appendLog(lease, [line(1, "a")]);
      const gap = {
        kind: "gap",
        sequence: 2,
        lastSequence: 9,
        time: 1,
        stdoutBytes: 5,
        stderrBytes: null,
        reason: "spool-bound",
        why: "w",
      } as const;
      expect(await queue.appendLog(lease, [gap, line(10, "b")])).toEqual({
        sequence: 10,
        stdoutBytes: 9,
        stderrBytes: 0,
      });
      expect((await read({ afterSequence: 1 })).map(({ kind }) => kind)).toEqual(["gap", "output"]);
    });

    test("dropped DEBUG lines break no line, and are passed over where only others are asked for", async () => {
      const gap = { kind: "gap", time: 1, stderrBytes: 9, reason: "debug-dropped", why: "w" } as const;
      await queue.appendLog(lease, [
        line(1, "one ", { newline: false }),
        { ...gap, sequence: 2, lastSequence: 3, stdoutBytes: 0 },
        line(4, "goes on"),
        line(5, "two"),
        { ...gap, sequence: 6, lastSequence: 9, stdoutBytes: 4 },
      ]);
      expect(await textOf(queue, query({ grep: /one goes/ }))).toBe("one goes on\n");
      expect(await textOf(queue, query({ tail: 2 }))).toBe("one goes on\ntwo\n");
      const kinds = async (change: Partial<LogQuery>) => (await read(change)).map(({ kind }) => kind);
      expect(await kinds({ level: "INFO" })).toEqual(["output", "output", "output"]);
      expect(await kinds({ grep: /t/ })).toEqual(["output"]);
      expect(await kinds({})).toEqual(["output", "gap", "output", "output", "gap"]);
    });

    test("filters by level, stream, time and text", async () => {
      await queue.appendLog(lease, [
        line(1, "one", { level: "DEBUG" }),
        line(2, "two", { level: "ERROR", stream: "stderr" }),
        line(3, "three", { level: "WARN", stream: "stderr" }),
      ]);
      expect(await textOf(queue, query({ level: "WARN" }))).toBe("two\nthree\n");
      expect(await textOf(queue, query({ stream: "stdout" }))).toBe("one\n");
      expect(await textOf(queue, query({ since: new Date(line(3, "").time).toISOString() }))).toBe("three\n");
      expect(await textOf(queue, query({ grep: /t/g }))).toBe("two\nthree\n");
      expect(await textOf(queue, query({ grep: /o$/, stream: "stderr", afterSequence: 1 }))).toBe("two\n");
    });

    test("finds text that a cut goes through, and gives the whole line", async () => {
      const part = { newline: false };
      await queue.appendLog(lease, [
        line(1, "ab", part),
        line(2, "zz", { stream: "stderr" }),
        line(3, "cd", part),
      ]);
      await queue.appendLog(lease, [line(4, "ef"), line(5, "no")]);
      expect(await textOf(queue, query({ grep: /bcde/ }))).toBe("abcdef\n");
      expect(await textOf(queue, query({ tail: 1, grep: /bcde/ }))).toBe("abcdef\n");
    });

    test("reads on while the last block grows", async () => {
      await queue.appendLog(lease, [line(1, "a"), line(2, "b")]);
      const seen: number[] = [];
      for await (const entry of queue.readLog(query())) {
        seen.push(entry.sequence);
        if (entry.sequence === 2) await queue.appendLog(lease, [line(3, "c")]);
      }
      expect(seen).toEqual(harness.readsAhead === true ? [1, 2] : [1, 2, 3]);
    });

    test("many small appends leave few blocks, and one log is as long as it likes", async () => {
      for (let n = 1; n <= 300; n += 1) await queue.appendLog(lease, [line(n, "x".repeat(1000))]);
      expect((await read({ tail: 3 })).map(({ sequence }) => sequence)).toEqual([298, 299, 300]);
    });

    test("pages backwards and forwards meet without a hole", async () => {
      for (let n = 1; n <= 40; n += 1) {
        await queue.appendLog(lease, [
          line(n, "x".repeat(9000), { stream: n % 3 === 0 ? "stderr" : "stdout" }),
        ]);
      }
      const numbers = async (change: Partial<LogQuery>) =>
        (await read(change)).map(({ sequence }) => sequence);
      expect(await numbers({ tail: 3, beforeSequence: 38 })).toEqual([35, 36, 37]);
      expect(await numbers({ tail: 3, beforeSequence: 2 })).toEqual([1]);
      expect(await numbers({ tail: 3, beforeSequence: 1 })).toEqual([]);
      expect(await numbers({ tail: 2, beforeSequence: 38, stream: "stderr" })).toEqual([33, 36]);
      expect(await numbers({ afterSequence: 10, limit: 3 })).toEqual([11, 12, 13]);
      expect(await numbers({ afterSequence: 10, limit: 2, stream: "stderr" })).toEqual([12, 15]);
      expect(await numbers({ afterSequence: 10, beforeSequence: 13 })).toEqual([11, 12]);
      expect(await numbers({ afterSequence: 36, limit: 2, grep: /x/, stream: "stdout" })).toEqual([37, 38]);
      expect(await numbers({ limit: 0 })).toEqual([]);
    });

    test("the tail of a level is the end of all that has it, over blocks that have none", async () => {
      const property = fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("INFO", "ERROR"), fc.constantFrom(1, 90_000)), { maxLength: 25 }),
        fc.integer({ min: 1, max: 4 }),
        async (pieces, tail) => {
          lease = await newLease();
          const entries = pieces.map(([level, length], n) => line(n + 1, "x".repeat(length), { level }));
          for (const entry of entries) await queue.appendLog(lease, [entry]);
          const errors = entries.filter(({ level }) => level === "ERROR").map(({ sequence }) => sequence);
          const found = await read({ level: "ERROR", tail });
          expect(found.map(({ sequence }) => sequence)).toEqual(errors.slice(-tail));
        },
      );
      await fc.assert(property, { numRuns: 30 });
    });

    test("the tail is the end of the whole, for any log, cut and filter", async () => {
      const piece = fc.record({
        text: fc.constantFrom("a", "ab", "b", "", "x".repeat(90_000)),
        stream: fc.constantFrom("stdout", "stderr"),
        newline: fc.boolean(),
      });
      const property = fc.asyncProperty(
        fc.array(piece, { maxLength: 25 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(undefined, "stdout", "stderr"),
        fc.constantFrom(undefined, /a/),
        async (pieces, tail, stream, grep) => {
          lease = await newLease();
          const entries = pieces.map(({ text, ...rest }, n) => line(n + 1, text, rest));
          for (const entry of entries) await queue.appendLog(lease, [entry]);
          const filter = { ...(stream ? { stream } : {}), ...(grep ? { grep } : {}) };
          const expected = lastLines(entries, tail, stream, grep);
          expect((await read({ ...filter, tail })).map(({ sequence }) => sequence)).toEqual(expected);
        },
      );
      await fc.assert(property, { numRuns: 60 });
    });
  });
}

/** The plain way: group entries into lines, keep the matching ones, take the last by their first entry. */
function lastLines(entries: readonly LogEntry[], tail: number, stream?: string, grep?: RegExp): number[] {
  const lines: { stream: string; sequences: number[]; text: string; done: boolean }[] = [];
  for (const entry of entries) {
    if (entry.kind !== "output") continue;
    let at = lines.find((open) => open.stream === entry.stream && !open.done);
    if (!at) lines.push((at = { stream: entry.stream, sequences: [], text: "", done: false }));
    at.sequences.push(entry.sequence);
    at.text += new TextDecoder().decode(entry.bytes);
    at.done = entry.newline;
  }
  const matching = lines.filter(
    (one) => (!stream || one.stream === stream) && (!grep || grep.test(one.text)),
  );
  return matching
    .slice(-tail)
    .flatMap(({ sequences }) => sequences)
    .sort((a, b) => a - b);
}
