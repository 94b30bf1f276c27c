import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  decodeFrames,
  encodeFrame,
  KerutaError,
  type AgentReport,
  type LogEntry,
} from "@keruta/shared/domain";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AttemptApi } from "./attempt-api.ts";
import { backoff } from "./backoff.ts";
import { nextReport } from "./next-report.ts";
import { refusalOf } from "./refusal.ts";
import { createReporter } from "./reporter.ts";
import { createSpoolReader } from "./spool-reader.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keruta-agent-api-"));
});
afterEach(() => rm(directory, { recursive: true }));

const entry = (sequence: number, size = 3): LogEntry => ({
  kind: "output",
  sequence,
  time: 1000 + sequence,
  stream: "stdout",
  level: "INFO",
  bytes: new Uint8Array(size).fill(97),
  newline: true,
});

test("waits double up to half a minute, and no two agents' are the same", () => {
  const of = (random: number) => Array.from({ length: 9 }, (_, failures) => backoff(failures, () => random));
  expect(of(1)).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  expect(of(0)).toEqual([250, 500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  expect(backoff(1e9, () => 1)).toBe(30_000);
});

test("the result goes before the rest of the log, and a heartbeat only where all else is silent", () => {
  const none = { isConnected: true, start: false, result: false, progress: false, log: false, silence: 0 };
  expect(nextReport(none)).toBeNull();
  expect(nextReport({ ...none, silence: 15_000 })).toBe("heartbeat");
  expect(nextReport({ ...none, silence: 15_000, log: true })).toBe("log");
  expect(nextReport({ ...none, log: true, result: true, progress: true })).toBe("result");
  expect(nextReport({ ...none, isConnected: false })).toBeNull();
  expect(nextReport({ ...none, isConnected: false, log: true })).toBe("connect");
});

test("what a refusal means", () => {
  const refused = (code: KerutaError["code"], details = {}) =>
    refusalOf(new KerutaError(code, { en: "", ja: "" }, { details }));
  expect(refused("KRT_ATTEMPT_SETTLED")).toEqual({ kind: "over" });
  expect(refused("KRT_STATUS_CONFLICT")).toEqual({ kind: "dropped" });
  expect(refused("KRT_LOG_POSITION", { sequence: 3 })).toEqual({ kind: "position", sequence: 3 });
  expect(refused("KRT_SERVER_BUSY", { retryAfterSeconds: 2 })).toEqual({ kind: "away", retryAfter: 2000 });
  // A proxy's own words are no word of the server.
  expect(refused("KRT_SERVER_REFUSED")).toEqual({ kind: "away", retryAfter: 0 });
  expect(refusalOf(new TypeError("fetch failed"))).toEqual({ kind: "away", retryAfter: 0 });
});

describe("the spool reader", () => {
  test("gives each frame after the position once, however the file grew and whatever was asked before", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(200_000), { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(12), { maxLength: 12 }),
        async (sizes, positions) => {
          const path = join(directory, "spool");
          await writeFile(path, "");
          const reader = createSpoolReader(path);
          let next = 0;
          for (const [index, size] of sizes.entries()) {
            await appendFile(path, encodeFrame(entry(index + 1, size)));
            const after = Math.min(positions[index] ?? next, index + 1);
            const { entries, consumed } = decodeFrames((await reader.after(after)).frames);
            expect(entries[0]?.sequence).toBe(after < index + 1 ? after + 1 : undefined);
            expect(consumed).toBe(entries.reduce((sum, one) => sum + encodeFrame(one).length, 0));
            next = after + entries.length;
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test("leaves a frame that is half written, and tells of damage and of a file that is not there", async () => {
    const path = join(directory, "spool");
    const reader = createSpoolReader(path);
    expect(await reader.after(0)).toEqual({ frames: new Uint8Array(0), isOver: true });
    const second = encodeFrame(entry(2));
    await writeFile(path, [encodeFrame(entry(1)), second.subarray(0, 20)]);
    const { frames } = await reader.after(0);
    expect(decodeFrames(frames).entries).toEqual([entry(1)]);
    expect(await reader.after(1)).toMatchObject({ frames: { length: 0 }, isOver: false });
    await appendFile(path, second.subarray(20));
    expect(decodeFrames((await reader.after(1)).frames).entries).toEqual([entry(2)]);
    await appendFile(path, new Uint8Array(24).fill(255));
    expect(await reader.after(2)).toMatchObject({ isOver: true });
  });
});

const report = { exitCode: 3 } as AgentReport;
const away = () => Promise.reject(new TypeError("fetch failed"));

/** A server that keeps entries and may be away. */
function fakeApi(change: Partial<AttemptApi> = {}) {
  const got: string[] = [];
  let stored = 0;
  const api: AttemptApi = {
    connect: () => Promise.resolve(stored),
    start: () => Promise.resolve(void got.push("start")),
    progress: ({ percent }) => Promise.resolve(void got.push(`progress ${String(percent)}`)),
    log: (frames) => {
      for (const { sequence } of decodeFrames(frames).entries) {
        if (sequence === stored + 1) stored = sequence;
      }
      return Promise.resolve(stored);
    },
    result: () => Promise.resolve(void got.push("result")),
    heartbeat: () => Promise.resolve(void got.push("heartbeat")),
    task: () => Promise.resolve({}),
    beginUpload: away,
    upload: away,
    ...change,
  };
  return { api, got, stored: () => stored };
}

describe("the reporter", () => {
  const host = { clock: () => performance.now(), random: () => 0 };
  const openSpool = async (count: number) => {
    const path = join(directory, "spool");
    await writeFile(
      path,
      Buffer.concat(Array.from({ length: count }, (_, index) => encodeFrame(entry(index + 1)))),
    );
    return createSpoolReader(path);
  };

  test("tells all, the last progress only, and ends as soon as it is told", async () => {
    const { api, got, stored } = fakeApi();
    const spool = await openSpool(500);
    const reporter = createReporter({ api, spool, sequence: () => 500, host });
    for (const percent of [1, 2, 3]) reporter.progress({ percent, message: "", sequence: percent });
    reporter.started(0);
    expect(await reporter.finish(report, 10_000)).toBeNull();
    expect(got).toEqual(["start", "result", "progress 3"]);
    expect(stored()).toBe(500);
  });

  test("waits no longer than it was told for a server that is away, and says why", async () => {
    const { api } = fakeApi({ connect: away });
    const reporter = createReporter({ api, spool: await openSpool(1), sequence: () => 1, host });
    const start = performance.now();
    expect(await reporter.finish(report, 300)).toBe("fetch failed");
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test("does not wait for a server that never answers", async () => {
    const hang = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    const { api } = fakeApi({ connect: hang });
    const reporter = createReporter({ api, spool: await openSpool(1), sequence: () => 1, host });
    expect(await reporter.finish(report, 200)).toBe("the time was up");
  });

  test("goes on where the server's log is, forward and back", async () => {
    let refusals = 0;
    const fake = fakeApi();
    const behind = new KerutaError("KRT_LOG_POSITION", { en: "", ja: "" }, { details: { sequence: 0 } });
    const log = (...args: Parameters<AttemptApi["log"]>) =>
      (refusals += 1) === 1 ? Promise.reject(behind) : fake.api.log(...args);
    const api = { ...fake.api, log, connect: () => Promise.resolve(7) };
    const reporter = createReporter({ api, spool: await openSpool(9), sequence: () => 9, host });
    expect(await reporter.finish(report, 5_000)).toBeNull();
    expect(fake.stored()).toBe(9);
  });

  test("says nothing more to a server that has settled the attempt", async () => {
    const settled = new KerutaError("KRT_ATTEMPT_SETTLED", { en: "It has its result.", ja: "" });
    const connect = vi.fn<AttemptApi["connect"]>(() => Promise.reject(settled));
    const { api, got } = fakeApi({ connect });
    const reporter = createReporter({ api, spool: await openSpool(1), sequence: () => 1, host });
    await vi.waitFor(() => expect(reporter.problem).toBe("It has its result."));
    expect(await reporter.finish(report, 5_000)).toBe("It has its result.");
    expect([connect.mock.calls.length, got]).toEqual([1, []]);
  });
});
