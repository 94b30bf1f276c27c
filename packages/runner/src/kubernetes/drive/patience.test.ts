import { KerutaError, type LogEntry } from "@keruta/shared/domain";
import { describe, expect, test } from "vitest";
import type { Pod } from "../../cluster/objects.ts";
import { readPatiently, sidecarPatience, type Patience } from "./patience.ts";
import { timeOfWaits } from "./waits.harness.ts";

const unreachable = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "away" });
const restarting = new KerutaError("KRT_CLUSTER_REFUSED", {
  en: 'The cluster refused to exec: unable to upgrade connection: container not found ("keruta").',
  ja: "",
});
const forbidden = new KerutaError("KRT_CLUSTER_FORBIDDEN", { en: "no", ja: "no" });
const noKubelet = new KerutaError(
  "KRT_CLUSTER_UNREACHABLE",
  { en: "no kubelet", ja: "" },
  { details: { status: 500 } },
);
const target: Pod = { metadata: { name: "keruta-a-1-x", uid: "p" } };

interface Given {
  /** Seconds. */
  readonly sidecarEnds?: number;
  readonly lost?: AbortSignal;
}

/** By a clock that only the waits move. */
function world({ sidecarEnds = Infinity, lost = new AbortController().signal }: Given = {}) {
  const time = timeOfWaits();
  const notices: string[] = [];
  const deps = {
    ...time,
    observer: { notice: ({ en }: { en: string }) => notices.push(en) },
    cluster: {
      getPod: () => {
        const state = time.clock() >= sidecarEnds * 1000 ? { terminated: { exitCode: 0 } } : { running: {} };
        return Promise.resolve({
          ...target,
          status: { phase: "Running", initContainerStatuses: [{ name: "keruta", state }] },
        });
      },
    },
  } as unknown as Parameters<typeof sidecarPatience>[0];
  return {
    patience: sidecarPatience(deps, target, lost),
    seconds: () => time.clock() / 1000,
    pass: (seconds: number) =>
      new Promise<void>((resolve) => void time.timers.after(seconds * 1000, resolve)),
    notices,
  };
}

/** Asks until it is answered, or there is no patience left. */
async function patiently<T>(patience: Patience, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(await patience.mayAskAgain(error))) throw error;
    }
  }
}

describe("what the sidecar is asked for", () => {
  test.each([
    ["the cluster is away", unreachable],
    ["the sidecar is started again", restarting],
  ])("is asked again while %s, and told once", async (_, error) => {
    const { patience, seconds, notices } = world();
    const answer = patiently(patience, async () => {
      await Promise.resolve();
      if (seconds() < 50) throw error;
      return "here";
    });
    expect(await answer).toBe("here");
    expect(notices.length).toBe(1);
  });

  test.each([
    ["for five minutes at most", {}, unreachable, 290, 300],
    ["for a minute where its kubelet is away", {}, noKubelet, 50, 60],
    ["for a minute where it is there and refuses", {}, restarting, 50, 60],
    ["until the sidecar has ended", { sidecarEnds: 20 }, unreachable, 20, 26],
    ["not where the attempt is lost", { lost: AbortSignal.abort() }, unreachable, 0, 0],
    ["not where it is forbidden", {}, forbidden, 0, 0],
  ] as const)("%s", async (_, given, error, from, to) => {
    const { patience, seconds } = world(given);
    await expect(patiently(patience, () => Promise.reject(error))).rejects.toBe(error);
    expect(seconds()).toBeGreaterThanOrEqual(from);
    expect(seconds()).toBeLessThanOrEqual(to);
  });
});

test("what fails after something came has a patience of its own, and is told again", async () => {
  const { patience, seconds, notices } = world();
  await expect(patiently(patience, () => Promise.reject(noKubelet))).rejects.toBe(noKubelet);
  const first = seconds();
  patience.renew();
  await expect(patiently(patience, () => Promise.reject(noKubelet))).rejects.toBe(noKubelet);
  expect(seconds()).toBe(2 * first);
  expect(notices.length).toBe(2);
});

test("what fails when it has worked for long is asked again for as long as what fails at once", async () => {
  const { patience, pass, seconds } = world();
  await pass(70);
  await expect(patiently(patience, () => Promise.reject(noKubelet))).rejects.toBe(noKubelet);
  expect(seconds()).toBeGreaterThanOrEqual(70 + 50);
});

test("a spool that brings something each time is read for as long as that lasts", async () => {
  const { patience, seconds } = world();
  const read = readPatiently(patience, async function* (after) {
    await Promise.resolve();
    yield [entry(after + 1)];
    if (seconds() < 120) throw noKubelet;
  });
  let count = 0;
  for await (const entries of read(0)) count += entries.length;
  expect(count).toBeGreaterThan(100);
});

const entry = (sequence: number): LogEntry => ({
  kind: "control",
  sequence,
  time: 0,
  control: { type: "log", level: "INFO", message: "" },
});

test("a spool that is cut goes on after the last entry that came", async () => {
  const { patience } = world();
  const asked: number[] = [];
  const read = readPatiently(patience, async function* (after) {
    asked.push(after);
    await Promise.resolve();
    yield [entry(after + 1), entry(after + 2)];
    if (asked.length < 3) throw unreachable;
  });
  const sequences: number[] = [];
  for await (const entries of read(0)) sequences.push(...entries.map(({ sequence }) => sequence));
  expect(asked).toEqual([0, 2, 4]);
  expect(sequences).toEqual([1, 2, 3, 4, 5, 6]);
});
