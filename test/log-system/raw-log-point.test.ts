import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryLog } from "../../packages/runner/src/follow/follow.harness.ts";
import { storedPoint } from "../../packages/runner/src/kubernetes/drive/raw-log/stored-point.ts";
import type { LogEntry } from "../../packages/shared/src/domain/index.ts";
import { claimed, line, newTask } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";

const piece = fc.record({
  text: fc.constantFrom("a", "a", "b", "x".repeat(90_000)),
  newline: fc.boolean(),
  time: fc.nat(3),
  gap: fc.constantFrom(null, null, null, null, "debug-dropped", "disk-full", "rotated"),
});

test("the point up to which a raw log was taken is found in the queue, whatever its blocks are", async () => {
  const harness = await openSqliteHarness();
  const { queue, world } = harness;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 15 }), async (pieces) => {
        await queue.addTask(newTask());
        const { lease } = await claimed(queue, world.holder(1));
        const memory = memoryLog();
        let sequence = 0;
        for (const { text, newline, time, gap } of pieces) {
          const entry: LogEntry = gap
            ? {
                kind: "gap",
                sequence: sequence + 1,
                lastSequence: sequence + 2,
                time,
                stdoutBytes: gap === "rotated" ? null : 2,
                stderrBytes: 0,
                reason: gap,
                why: "w",
              }
            : line(sequence + 1, text, { newline, time });
          ({ sequence } = await queue.appendLog(lease, [entry]));
          await memory.appendLog(lease, [entry]);
        }
        const position = { sequence, stdoutBytes: 0, stderrBytes: 0 };
        const point = await storedPoint(queue, lease, position);
        expect(point).toEqual(await storedPoint(memory, lease, position));
        const last = pieces.findLastIndex(({ gap }) => gap === null);
        const { text, newline, time } = pieces[last] ?? {};
        const like = (one: (typeof pieces)[number]) =>
          one.gap === null && one.text === text && one.newline === newline && one.time === time;
        const unstored = pieces.slice(last + 1).filter(({ gap }) => gap !== "rotated").length;
        expect(point?.unstored.pieces ?? 0).toBe(unstored * 2);
        expect(point?.occurrence ?? 0).toBe(last === -1 ? 0 : pieces.filter(like).length);
      }),
      { numRuns: 30 },
    );
  } finally {
    await harness.dispose();
  }
});
