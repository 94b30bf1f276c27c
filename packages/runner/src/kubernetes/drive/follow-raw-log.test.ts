import { KerutaError } from "@keruta/shared/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, memoryLog } from "../../follow/follow.harness.ts";
import { keeperOf, newWorld } from "../../follow/log-keeper.harness.ts";
import { followRawLog } from "./follow-raw-log.ts";
import { timeOfWaits } from "./waits.harness.ts";

const cut = new KerutaError("KRT_CLUSTER_CUT", { en: "cut", ja: "" });
const start = Date.parse("2026-01-01T00:00:00Z");

interface Line {
  /** Nanoseconds after the one before; 0: the same stamp. */
  readonly later: number;
  readonly text: string;
}

/** As kubelets stamp: nine digits. */
function stampsOf(lines: readonly Line[]): readonly string[] {
  let nanoseconds = 0n;
  return lines.map(({ later }) => {
    nanoseconds += BigInt(later);
    const seconds = new Date(start + Number(nanoseconds / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
    return `${seconds}.${String(nanoseconds % 1_000_000_000n).padStart(9, "0")}Z`;
  });
}

interface Given {
  readonly lines: readonly Line[];
  /** Bytes after which each connection is cut; the one after the last is whole. */
  readonly cuts: readonly number[];
  readonly chunk: number;
}

/** A real kubelet repeats a stamp only now and then, and cuts where it pleases. */
async function follow({ lines, cuts, chunk }: Given): Promise<string> {
  const stamps = stampsOf(lines);
  const all = lines.map(({ text }, n) => ({
    stamp: stamps[n] ?? "",
    bytes: Buffer.from(`${stamps[n] ?? ""} ${text}\n`),
  }));
  let connections = 0;
  const time = timeOfWaits(start);
  const queue = memoryLog();
  const deps = {
    ...time,
    observer: { notice: () => undefined },
    cluster: {
      async *readLog({ sinceTime = "" }: { readonly sinceTime?: string }) {
        const cutAt = cuts[connections];
        connections += 1;
        const from = sinceTime.slice(0, 19);
        const sent = Buffer.concat(
          all.filter(({ stamp }) => stamp.slice(0, 19) >= from).map(({ bytes }) => bytes),
        );
        const part = sent.subarray(0, cutAt);
        for (let at = 0; at < part.length; at += chunk)
          yield await Promise.resolve(part.subarray(at, at + chunk));
        if (cutAt !== undefined) throw cut;
      },
    },
  } as unknown as Parameters<typeof followRawLog>[0];
  const isWhole = await followRawLog(deps, {
    pod: "keruta-a-1-x",
    log: await keeperOf(queue, newWorld()),
    containerEnded: AbortSignal.abort(),
    stop: new AbortController().signal,
  });
  expect(isWhole).toBe(true);
  return bytesOf(queue.entries, "stdout").toString();
}

test("each line of a raw log comes once, in order, over cuts anywhere and lines of one stamp", async () => {
  const line = fc.record({
    later: fc.oneof(fc.constant(0), fc.nat(5), fc.nat(2_000_000_000)),
    text: fc.constantFrom("", "a", "a", "日本", " b", "2026-01-01T00:00:00Z x", "x".repeat(300)),
  });
  const given = fc.record({
    lines: fc.array(line, { maxLength: 25 }),
    cuts: fc.array(fc.nat(3000), { maxLength: 6 }),
    chunk: fc.integer({ min: 1, max: 400 }),
  });
  await fc.assert(
    fc.asyncProperty(given, async (one) => {
      expect(await follow(one)).toBe(one.lines.map(({ text }) => `${text}\n`).join(""));
    }),
    { numRuns: 300 },
  );
});
