import { KerutaError, recordedGate, type ClusterGraces } from "@keruta/shared/domain";
import { describe, expect, test } from "vitest";
import type { Job, Pod } from "../../cluster/objects.ts";
import type { AttemptState } from "./attempt-watch.ts";
import { seeToEnd, type SeeToEnd } from "./see-to-end.ts";

const at = "2026-01-01T00:00:00Z";
const job: Job = { metadata: { name: "j", uid: "j", creationTimestamp: at } };
const minutes = 60_000;
const graces: ClusterGraces = {
  image: minutes,
  config: minutes,
  scheduling: minutes,
  quota: minutes,
  crashLoop: minutes,
  sidecar: minutes,
  pendingTimeout: 60 * minutes,
};

const podWith = (name: string, rest: Omit<Pod, "metadata">): Pod => ({
  metadata: { name, uid: `uid-${name}` },
  ...rest,
});
const gated = (name: string) =>
  podWith(name, { spec: { schedulingGates: [{ name: recordedGate }] }, status: { phase: "Pending" } });
const starting = (name: string) => podWith(name, { spec: { nodeName: "n" }, status: { phase: "Pending" } });
const main = (state: object): NonNullable<Pod["status"]> => ({
  phase: "Running",
  containerStatuses: [{ name: "main", state }],
});
const running = (name: string) => podWith(name, { status: main({ running: { startedAt: at } }) });
const done = (name: string) =>
  podWith(name, { status: main({ terminated: { exitCode: 0, startedAt: at, finishedAt: at } }) });
const gone = (pod: Pod) => ({ pod, isGone: true }) as const;

const away = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "" });
const refused = new KerutaError("KRT_CLUSTER_REFUSED", { en: "no", ja: "no" });

type Look = readonly (Pod | { readonly pod: Pod; readonly isGone: true })[];

interface Given {
  /** What each look finds; the last stays. */
  readonly looks: readonly Look[];
  /** The name that the queue has of the attempt's Pod. */
  readonly recorded?: string;
  /** Someone cancels before the look of this number. */
  readonly cancelAt?: number;
  readonly refusals?: readonly KerutaError[];
  /** How the cluster answers what is to stop something, one after the other; the last answer stays. */
  readonly stops?: readonly (KerutaError | "stopped" | "nothing")[];
  /** Milliseconds. */
  readonly timeout?: number;
  /** Whoever drives it wants to leave. */
  readonly isLeft?: boolean;
}

/** A driver that comes to what there is; what it does is in `done`, in order. */
async function see(given: Given) {
  const { looks, recorded, cancelAt, refusals = [], stops = [refused], timeout, isLeft } = given;
  const steps: string[] = [];
  const cancel = new AbortController();
  const left = [...refusals];
  let count = 0;
  let now = Date.parse(at);
  let wake = () => {};
  let stopCount = 0;
  const stopAnswer = () => {
    const answer = stops[Math.min(stopCount, stops.length - 1)];
    stopCount += 1;
    if (answer === away) throw away;
    return answer;
  };
  const there = () => looks[Math.min(count, looks.length) - 1] ?? [];
  const isLast = () => count >= looks.length;
  const isDeleted = ({ metadata }: Pod) => steps.includes(`delete ${metadata.name}`);
  const deps = {
    clock: () => now,
    detach: isLeft === true ? AbortSignal.abort() : new AbortController().signal,
    timers: {
      // While changes come, no time passes.
      after: (milliseconds: number, run: () => void) => {
        if (count < looks.length) return () => undefined;
        const timer = setImmediate(() => {
          now += milliseconds;
          run();
        });
        return () => clearImmediate(timer);
      },
    },
    settings: { stopGrace: 1000 },
    crashPoint: (name: string) => steps.push(name),
    observer: { phase: () => undefined, notice: () => undefined },
    queue: {
      recordAttempt: async (_: object, { podName }: { podName?: string }) => {
        if (podName !== undefined) steps.push(`store ${podName}`);
      },
    },
    cluster: {
      removeGate: async (pod: string, uid: string, gate: string) => {
        const refusal = left.shift();
        if (refusal) throw refusal;
        steps.push(`ungate ${pod} ${uid} ${gate}`);
        return "removed";
      },
      patchJob: async (_: string, __: string, { spec }: { spec: object }) => {
        stopAnswer();
        steps.push(`end Job ${JSON.stringify(spec)}`);
        return { outcome: "patched", job };
      },
      getPod: async (name: string) => there().find((one) => "metadata" in one && one.metadata.name === name),
      exec: async (_: object, signal: AbortSignal) => {
        const answer = stopAnswer();
        if (answer instanceof Error) throw answer;
        steps.push("tell agent");
        if (answer === "stopped") return { stdout: [], stderr: () => "", exitCode: Promise.resolve(0) };
        return new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        });
      },
      deletePod: async (name: string) => {
        stopAnswer();
        steps.push(`delete ${name}`);
        setImmediate(() => wake());
      },
    },
  };
  const watch = {
    look: (): AttemptState => {
      count += 1;
      if (count === cancelAt) cancel.abort();
      const pods = there().map((one) =>
        "metadata" in one ? { pod: one, isGone: isLast() && isDeleted(one) } : one,
      );
      return { job, pods, events: [], isKnown: true, interruption: null };
    },
    changed: (signal: AbortSignal) =>
      count < looks.length
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            wake = resolve;
            signal.addEventListener("abort", () => resolve());
          }),
  };
  const seen = await seeToEnd(
    deps as unknown as Parameters<typeof seeToEnd>[0],
    {
      claim: { attempt: { podName: recorded ?? null }, lease: {} },
      job,
      watch,
      graces,
      timeout: timeout ?? null,
      cancel: cancel.signal,
      lost: new AbortController().signal,
      onStarted: (pod: Pod) => steps.push(`started ${pod.metadata.name}`),
      onTerminating: () => undefined,
      onContainerEnded: () => steps.push("ended"),
    } as unknown as SeeToEnd,
  );
  return { seen, steps };
}

const ungate = (name: string) => ["pod-recorded", `ungate ${name} uid-${name} ${recordedGate}`];
const endOfJob = 'end Job {"activeDeadlineSeconds":1}';
const forbidden = new KerutaError("KRT_CLUSTER_FORBIDDEN", { en: "cannot patch pods", ja: "" });

test("a Pod is let go once, when its name is stored", async () => {
  const { steps } = await see({ looks: [[], [gated("a")], [gated("a")], [running("a")], [done("a")]] });
  expect(steps).toEqual(["store a", ...ungate("a"), "started a", "ended"]);
});

test("a driver that comes later lets go the Pod whose name is stored", async () => {
  const { steps } = await see({ recorded: "a", looks: [[gated("a")], [running("a")], [done("a")]] });
  expect(steps.slice(0, 3)).toEqual(["store a", ...ungate("a")]);
});

test("a Pod that the Job's controller puts in place of the attempt's is never let go", async () => {
  const { seen, steps } = await see({
    looks: [[gated("a")], [running("a")], [running("a"), gated("b")], [gone(running("a")), gated("b")]],
  });
  expect(steps).toEqual(["store a", ...ungate("a"), "started a", "ended"]);
  expect(seen).toMatchObject({
    failure: null,
    evidence: { podGone: true, pod: { metadata: { name: "a" } } },
  });
});

test("nor by a driver that finds it alone: the attempt's Pod is gone", async () => {
  const { seen, steps } = await see({ recorded: "a", looks: [[gated("b")]] });
  expect(steps).toEqual(["ended"]);
  expect(seen).toMatchObject({ pod: null, failure: null, evidence: { jobGone: true } });
});

test("a cluster that is away is asked again", async () => {
  const looks = [[gated("a")], [gated("a")], [gated("a")], [running("a")], [done("a")]];
  const { steps } = await see({ looks, refusals: [away, away] });
  expect(steps).toEqual(["store a", "pod-recorded", "pod-recorded", ...ungate("a"), "started a", "ended"]);
});

test("a cluster that forbids it ends the attempt with its words", async () => {
  const { seen, steps } = await see({ looks: [[gated("a")]], refusals: [forbidden] });
  expect(steps).toEqual(["store a", "pod-recorded", endOfJob]);
  expect(seen?.failure).toEqual({
    reason: "SubmitFailed",
    category: "start",
    message: "The Pod's scheduling gate cannot be removed: cannot patch pods",
  });
});

test("what is cancelled behind its gate never starts, and is over when its Pod is gone", async () => {
  const { seen, steps } = await see({
    looks: [[], [gated("a")], [gated("a")], [gone(gated("a"))]],
    cancelAt: 2,
  });
  expect(steps).toEqual(["store a", endOfJob, "ended"]);
  expect(seen).toMatchObject({ stopped: true, failure: null, evidence: { podGone: true } });
});

test("what is cancelled before there is a Pod is over at once", async () => {
  const { seen, steps } = await see({ looks: [[]], cancelAt: 1 });
  expect(steps).toEqual([endOfJob]);
  expect(seen).toMatchObject({ stopped: true, pod: null });
});

test("what is cancelled as it starts is stopped as what runs, and seen to its end", async () => {
  const looks = [[starting("a")], [starting("a")], [running("a")], [running("a")], [done("a")]];
  const { seen, steps } = await see({ recorded: "a", looks, cancelAt: 2 });
  expect(steps).toEqual(["store a", endOfJob, "started a", "delete a", "ended"]);
  expect(seen).toMatchObject({ stopped: true, pod: { status: { phase: "Running" } } });
});

test("what is cancelled before its start, and of whose end nothing comes, is waited for no longer than a stop", async () => {
  const { seen, steps } = await see({ recorded: "a", looks: [[starting("a")]], cancelAt: 1 });
  expect(steps).toEqual(["store a", endOfJob]);
  expect(seen).toMatchObject({ stopped: true, failure: null, pod: { metadata: { name: "a" } } });
});

test.each<readonly [string, Given, readonly string[]]>([
  [
    "what runs is stopped when the cluster answers again",
    { looks: [[running("a")]], stops: [away, away, "stopped"] },
    ["tell agent", "delete a"],
  ],
  [
    "a Pod that cannot be deleted yet is deleted later",
    { looks: [[running("a")]], stops: [refused, away, refused] },
    ["delete a"],
  ],
  [
    "an agent that says nothing is not waited for",
    { looks: [[running("a")]], stops: ["nothing"] },
    ["tell agent", "delete a"],
  ],
  [
    "a command that its agent does not end goes with its Pod",
    { looks: [[running("a")]], stops: ["stopped"] },
    ["tell agent", "delete a"],
  ],
  [
    "what has not started is ended when the cluster answers again",
    { looks: [[starting("a")]], stops: [away, refused] },
    [endOfJob],
  ],
])("a cancel is carried out: %s", async (_, given, expected) => {
  const { seen, steps } = await see({ recorded: "a", cancelAt: 1, ...given });
  expect(steps.filter((step) => !/^(store|started|ended)/.test(step))).toEqual(expected);
  expect(seen).toMatchObject({ stopped: true, failure: null });
});

describe("a driver that leaves", () => {
  test("goes when its Pod was let go, which nobody else would start", async () => {
    const { seen, steps } = await see({ looks: [[], [gated("a")], [starting("a")]], isLeft: true });
    expect([seen, steps.filter((step) => step.startsWith("ungate")).length]).toEqual([undefined, 1]);
  });

  test("goes at once where the Pod needs no driver", async () => {
    const { seen, steps } = await see({ looks: [[starting("a")], [running("a")]], isLeft: true });
    expect([seen, steps]).toEqual([undefined, ["store a"]]);
  });

  test("waits for a Pod no longer than a moment", async () => {
    expect((await see({ looks: [[]], isLeft: true })).seen).toBeUndefined();
  });
});

test("a start that is given up is given up when the cluster answers again", async () => {
  const refusals = [forbidden, forbidden];
  const { seen, steps } = await see({ looks: [[gated("a")]], refusals, stops: [away, refused] });
  expect(steps).toEqual(["store a", "pod-recorded", "pod-recorded", endOfJob]);
  expect(seen?.failure).toMatchObject({ reason: "SubmitFailed" });
});

const deletedAt = (pod: Pod, deletionTimestamp: string): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: 1 },
});
const endedAt = (finishedAt: string) =>
  podWith("a", { status: main({ terminated: { exitCode: 143, startedAt: at, finishedAt } }) });

const overTime = "The command ran longer than 1m and its Pod was deleted.";

test.each<readonly [string, Given, string | null]>([
  [
    "by this driver, when the cluster answers again",
    { looks: [[running("a")]], stops: [away, refused] },
    overTime,
  ],
  [
    "by the driver before",
    { looks: [[deletedAt(endedAt("2026-01-01T00:01:01Z"), "2026-01-01T00:01:01Z")]] },
    overTime,
  ],
  [
    "not where the command had ended in time",
    { looks: [[deletedAt(endedAt("2026-01-01T00:00:59Z"), "2026-01-01T00:01:01Z")]] },
    null,
  ],
  [
    "not where someone else deleted the Pod before",
    { looks: [[deletedAt(endedAt("2026-01-01T00:00:30Z"), "2026-01-01T00:00:30Z")]] },
    null,
  ],
])("a command without an agent that is over its time is ended: %s", async (_, given, expected) => {
  const { seen } = await see({ recorded: "a", timeout: 60_000, ...given });
  expect(seen?.timedOut ?? null).toBe(expected);
});
