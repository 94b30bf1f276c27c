import { expect, test } from "vitest";
import type { Attempt, GapReason } from "@keruta/shared/domain";
import { createTextPrinter } from "./text-printer.ts";

const gap = (reason: GapReason) =>
  ({
    kind: "gap",
    sequence: 1,
    lastSequence: 4,
    time: 1,
    stdoutBytes: 30,
    stderrBytes: 12,
    reason,
    why: "of this",
  }) as const;

test("a loss is told with its bytes, and what a setting dropped is not", async () => {
  const told: string[] = [];
  const nowhere = { isTTY: false, write: () => Promise.reject(new Error("no bytes are there")) };
  const printer = createTextPrinter({
    stdout: nowhere,
    stderr: nowhere,
    showTask: false,
    showTime: false,
    notify: async ({ en }) => void told.push(en),
  });
  await printer.print("k7m2xqaf4t", {} as Attempt, gap("debug-dropped"));
  await printer.print("k7m2xqaf4t", {} as Attempt, gap("disk-full"));
  await printer.end();
  expect(told).toEqual(["42 bytes of the log of k7m2xqaf4t could not be had: of this"]);
});
