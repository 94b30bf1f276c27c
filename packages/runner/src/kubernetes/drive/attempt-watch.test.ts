import { KerutaError } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Job, Pod } from "../../cluster/objects.ts";
import { watchAttempt } from "./attempt-watch.ts";

const job: Job = { metadata: { name: "keruta-a-1", uid: "j" } };
const pod = (phase: "Pending" | "Running"): Pod => ({
  metadata: { name: "keruta-a-1-x", uid: "p" },
  status: { phase },
});
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Brings what there is, and of the Pod a change whenever the test says so. */
function watchedPod() {
  let change: () => void = () => undefined;
  const cluster = {
    async *watch(kind: string, _: object, signal: AbortSignal) {
      yield { type: "snapshot", items: kind === "jobs" ? [job] : [] };
      while (!signal.aborted) {
        await new Promise<void>((resolve) => {
          if (kind === "pods") change = resolve;
          signal.addEventListener("abort", () => resolve());
        });
        if (!signal.aborted) yield { type: "modified", object: pod("Running") };
      }
    },
  };
  const watch = watchAttempt({ cluster: cluster as unknown as Cluster, job });
  return { watch, change: () => change() };
}

test("a change that comes while the last look is still acted upon is not missed", async () => {
  const { watch, change } = watchedPod();
  await soon();
  expect(watch.look()).toMatchObject({ isKnown: true, pods: [] });
  change();
  await soon();
  await watch.changed(AbortSignal.timeout(10_000));
  expect(watch.look().pods).toMatchObject([{ pod: { status: { phase: "Running" } } }]);
  await watch.stop();
});

test("without one it waits, for the signal too", async () => {
  const { watch } = watchedPod();
  await soon();
  watch.look();
  const from = performance.now();
  await watch.changed(AbortSignal.timeout(50));
  expect(performance.now() - from).toBeGreaterThan(40);
  await watch.stop();
});

test("Events that cannot be listed do not hold the attempt up; Jobs and Pods that cannot do", async () => {
  const away = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "away" });
  const watchWithout = (missing: string) => {
    const cluster = {
      async *watch(kind: string, _: object, signal: AbortSignal) {
        if (kind === missing) yield { type: "interrupted", error: away };
        else yield { type: "snapshot", items: kind === "jobs" ? [job] : [] };
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    };
    return watchAttempt({ cluster: cluster as unknown as Cluster, job });
  };
  const known: unknown[] = [];
  for (const missing of ["events", "pods", "jobs"]) {
    const watch = watchWithout(missing);
    await soon();
    const { isKnown, interruption } = watch.look();
    known.push([missing, isKnown, interruption]);
    await watch.stop();
  }
  expect(known).toEqual([
    ["events", true, null],
    ["pods", false, away],
    ["jobs", false, away],
  ]);
});
