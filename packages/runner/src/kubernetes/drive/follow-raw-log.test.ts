import { KerutaError } from "@keruta/shared/domain";
import { describe, expect, test } from "vitest";
import { gapsOf } from "../../follow/log-keeper.harness.ts";
import {
  answerOf,
  followNode,
  millisecond,
  stampAt,
  start,
  textOf,
  type NodeRecord,
} from "./raw-log/node-log.harness.ts";

const line = (at: number, text: string, zone = "Z"): NodeRecord => ({
  stamp: stampAt((BigInt(start) + BigInt(at)) * millisecond, zone),
  text,
  isPart: false,
});
const lengthOf = (records: readonly NodeRecord[]) => answerOf(records).length;
const once = { chunk: 1 << 16, wholeBytes: 0 };

describe("a raw log that is read again", () => {
  const lines = Array.from({ length: 20 }, (_, n) => line(n * 1000, `line ${String(n)}`));

  test("is asked for by the second in UTC, some seconds before the last line", async () => {
    const abroad = lines.map(({ text }, n) => line(n * 1000, text, "+09:00"));
    const connections = [{ written: 15, cutAt: 100_000, end: "cut" }] as const;
    const { sinceTimes } = await followNode({ ...once, records: abroad, connections });
    expect(sinceTimes).toEqual(["2026-01-01T00:00:09Z"]);
  });

  test("is asked for from its beginning where it is short: the node's clock may have been set back", async () => {
    const records = [...lines.slice(0, 10), ...lines.map(({ text }, n) => line(n - 3_600_000, text))];
    const connections = [{ written: 10, cutAt: 100_000, end: "cut" }] as const;
    const { sinceTimes, text } = await followNode({ records, connections, chunk: 1000, wholeBytes: 1 << 20 });
    expect([sinceTimes, text]).toEqual([[], textOf(records)]);
  });

  test("has one gap where the node has rotated its last line away, and all that is still there", async () => {
    const connections = [
      { written: 8, cutAt: 100_000, end: "driver-killed" },
      { written: 15, rotated: 10, cutAt: 100_000, end: "cut" },
    ] as const;
    const { text, stored } = await followNode({ ...once, records: lines, connections, rotated: 10 });
    expect(text).toBe(textOf([...lines.slice(0, 8), ...lines.slice(10)]));
    expect(gapsOf(stored)).toMatchObject([{ sequence: 9, reason: "rotated", stdoutBytes: null }]);
  });

  test("has no gap where the last line is still there", async () => {
    const connections = [
      { written: 8, cutAt: 100_000, end: "driver-killed" },
      { written: 15, rotated: 7, cutAt: 100_000, end: "cut" },
    ] as const;
    const { text, stored } = await followNode({ ...once, records: lines, connections, rotated: 14 });
    expect([text, gapsOf(stored)]).toEqual([textOf(lines), []]);
  });

  test("has a gap where nothing is left of it", async () => {
    const connections = [{ written: 8, cutAt: 100_000, end: "cut" }] as const;
    const { text, stored } = await followNode({ ...once, records: lines, connections, rotated: 20 });
    expect(text).toBe(textOf(lines.slice(0, 8)));
    expect(gapsOf(stored)).toHaveLength(1);
  });

  test("goes on in the middle of a line of 3 MB, by the same driver or another", async () => {
    const long = [...lines.slice(0, 2), line(3000, "x".repeat(3e6)), ...lines.slice(4)];
    for (const end of ["cut", "driver-killed"] as const) {
      const cutAt = lengthOf(long.slice(0, 2)) + 1_500_000;
      const { text } = await followNode({
        ...once,
        records: long,
        connections: [{ written: 20, cutAt, end }],
      });
      expect(text === textOf(long)).toBe(true);
    }
  });

  test("goes on where it is sent again from the middle of a line", async () => {
    const parts = Array.from({ length: 30 }, (_, n): NodeRecord => ({
      ...line(n * 1000, `part ${String(n)} `.padEnd(100_000, ".")),
      isPart: n < 29,
    }));
    const after = lines.map(({ text }, n) => line((30 + n) * 1000, text));
    const { text, sinceTimes } = await followNode({
      ...once,
      records: [...parts, ...after],
      connections: [{ written: 32, cutAt: 10_000_000, end: "cut" }],
    });
    expect(text).toBe(textOf([...parts, ...after]));
    expect(sinceTimes).toEqual(["2026-01-01T00:00:26Z"]);
  });
});

describe("a raw log whose node is away when its container ends", () => {
  const lines = Array.from({ length: 20 }, (_, n) => line(n * 1000, `line ${String(n)}`));
  const words = { en: "said the kubelet", ja: "kubelet より" };
  const notFound = new KerutaError("KRT_CLUSTER_REFUSED", words, { details: { status: 404 } });
  const runtimeAway = new KerutaError("KRT_CLUSTER_UNREACHABLE", words, { details: { status: 503 } });
  const half = [{ written: 10, cutAt: 100_000, end: "closed" }] as const;
  const given = { ...once, records: lines, connections: half };

  test.each([
    ["its container runtime starts", Array.from({ length: 15 }, () => runtimeAway)],
    ["its kubelet starts", Array.from({ length: 15 }, () => notFound)],
  ])("is had when %s", async (_, refusals) => {
    const { text, stored, summary } = await followNode({ ...given, refusals });
    expect([text, gapsOf(stored), summary.complete]).toEqual([textOf(lines), [], true]);
  });

  test.each([
    ["its container runtime stays away", runtimeAway],
    ["it has no such log any more", notFound],
  ])("has a gap for the rest, and a notice, where %s", async (_, refusal) => {
    const followed = await followNode({ ...given, refusals: [refusal], refusesForEver: true });
    expect(followed.text).toBe(textOf(lines.slice(0, 10)));
    expect(gapsOf(followed.stored)).toMatchObject([{ sequence: 11, stdoutBytes: null }]);
    expect([followed.summary.complete, followed.notices > 0]).toEqual([false, true]);
  });

  test("is read again where the connection that followed it stays silent", async () => {
    const connections = [{ written: 10, cutAt: 150, end: "silent" }] as const;
    const { text, stored } = await followNode({ ...given, chunk: 40, connections });
    expect([text, gapsOf(stored)]).toEqual([textOf(lines), []]);
  });
});
