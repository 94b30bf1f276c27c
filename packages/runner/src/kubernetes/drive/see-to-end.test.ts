import { KerutaError, recordedGate, type ClusterGraces } from "@keruta/shared/domain";
import { expect, test } from "vitest";
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

type Look = readonly (Pod | { readonly pod: Pod; readonly isGone: true })[];

interface Given {
  /** What each look finds; the last stays. */
  readonly looks: readonly Look[];
  /** The name that the queue has of the attempt's Pod. */
  readonly recorded?: string;
  /** Someone cancels before the look of this number. */
  readonly cancelAt?: number;
  readonly refusals?: readonly KerutaError[];
}

/** A driver that comes to what there is; what it does is in `done`, in order. */
async function see({ looks, recorded, cancelAt, refusals = [] }: Given) {
  const steps: string[] = [];
  const cancel = new AbortController();
  const left = [...refusals];
  let count = 0;
  let now = Date.parse(at);
  const there = () => looks[Math.min(count, looks.length) - 1] ?? [];
  const deps = {
    clock: () => now,
    timers: {
      // While changes come, no time passes.
      after: (milliseconds: number, run: () => void) => {
        if (count >= looks.length) {
          now += milliseconds;
          queueMicrotask(run);
        }
        return () => undefined;
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
        steps.push(`end Job ${JSON.stringify(spec)}`);
        return { outcome: "patched", job };
      },
      getPod: async (name: string) => there().find((one) => "metadata" in one && one.metadata.name === name),
      exec: () => Promise.reject(new KerutaError("KRT_CLUSTER_REFUSED", { en: "no", ja: "no" })),
      deletePod: async (name: string) => void steps.push(`delete ${name}`),
    },
  };
  const watch = {
    look: (): AttemptState => {
      count += 1;
      if (count === cancelAt) cancel.abort();
      const pods = there().map((one) => ("metadata" in one ? { pod: one, isGone: false } : one));
      return { job, pods, events: [], isKnown: true, interruption: null };
    },
    changed: (signal: AbortSignal) =>
      count < looks.length
        ? Promise.resolve()
        : new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
  };
  const seen = await seeToEnd(
    deps as unknown as Parameters<typeof seeToEnd>[0],
    {
      claim: { attempt: { podName: recorded ?? null }, lease: {} },
      job,
      watch,
      graces,
      timeout: null,
      cancel: cancel.signal,
      away: new AbortController().signal,
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
const away = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "" });

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
