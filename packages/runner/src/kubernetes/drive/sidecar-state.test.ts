import { expect, test } from "vitest";
import type { Pod } from "../../cluster/objects.ts";
import { sidecarStays } from "./sidecar-state.ts";
import { timeOfWaits } from "./waits.harness.ts";

const podOf = (phase: "Running" | "Succeeded", sidecar: object): Pod => ({
  metadata: { name: "p", uid: "p" },
  status: { phase, initContainerStatuses: [{ name: "keruta", state: sidecar }] },
});
const running = podOf("Running", { running: {} });
const ended = podOf("Running", { terminated: { exitCode: 0 } });

/** Whether it stays, and how often the Pod is asked for; each look sees the next one, the last again and again. */
async function stays(seen: Pod, ...looks: readonly (Pod | undefined)[]) {
  const { timers } = timeOfWaits();
  let asked = 0;
  const getPod = () => Promise.resolve(looks[Math.min(asked++, looks.length - 1)]);
  const lost = new AbortController();
  const answer = await sidecarStays(
    { timers: { ...timers, every: timers.after }, cluster: { getPod } },
    seen,
    lost.signal,
  );
  return [answer, asked];
}

test("a Pod that is over keeps nothing, and is not asked for", async () => {
  expect(await stays(podOf("Succeeded", { terminated: { exitCode: 0 } }), running)).toEqual([false, 0]);
});

test("a sidecar that ends within some seconds has nothing to hand over", async () => {
  expect(await stays(running, running, running, ended)).toEqual([false, 3]);
});

test("neither has one whose Pod is gone", async () => {
  expect(await stays(running, undefined)).toEqual([false, 1]);
});

test("one that is still there has", async () => {
  expect(await stays(running, running)).toEqual([true, 3]);
});
