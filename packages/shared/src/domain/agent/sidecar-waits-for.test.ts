import { expect, test } from "vitest";
import { report } from "../attempt/cluster.fixture.ts";
import { sidecarWaitsFor, spoolBytesOf, type Ended } from "./sidecar-waits-for.ts";

const digest = (bytes: number) => ({ bytes, sha256: "" });
const short = { ...report, stdout: digest(1), stderr: digest(2), sequence: 3 };
const long = { ...report, stdout: digest(1 << 19), stderr: digest((1 << 19) - 24), sequence: 1 };
const shorter = { ...long, sequence: 0 };
const nothing: Ended = { artifacts: false, wrapped: true, report: short };

test.each<[string, Partial<Ended>, ReturnType<typeof sidecarWaitsFor>]>([
  ["nothing after a short log", {}, null],
  ["artifacts, whatever else there is", { artifacts: true, report: null }, "artifacts"],
  ["artifacts, without an agent too", { artifacts: true, wrapped: false, report: null }, "artifacts"],
  ["nothing else without an agent", { wrapped: false, report: null }, null],
  ["all that an agent left that was killed", { report: null }, "remains"],
  ["a log that may be in more than one file", { report: long }, "log"],
  ["nothing where that is a record less", { report: shorter }, null],
])("a sidecar waits for %s", (_, change, expected) => {
  expect(sidecarWaitsFor({ ...nothing, ...change })).toBe(expected);
});

test("each record has a header in the spool", () => {
  expect([spoolBytesOf(short), spoolBytesOf(long)]).toEqual([1 + 2 + 3 * 24, 1 << 20]);
});
