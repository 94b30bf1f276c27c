import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Volume } from "../domain/task/spec.ts";
import {
  newTask,
  resultOf,
  terms,
  type OpenHarness,
  type QueueHarness,
  type World,
} from "./queue.harness.ts";
import type { Queue } from "./queue.ts";

/** Two attempts never write one claim at a time; which claim it is, the place of the driver decides. */
export function describeQueueClaims(name: string, open: OpenHarness): void {
  describe(`${name}: tasks on one persistent volume claim`, () => {
    let harness: QueueHarness;
    let queue: Queue;
    let world: World;
    beforeEach(async () => {
      harness = await open();
      ({ queue, world } = harness);
    });
    afterEach(() => harness.dispose());

    const cache = (pvc: Volume["pvc"], more: Partial<Volume> = {}): Volume => ({
      name: "cache",
      mountPath: "/cache",
      ...(pvc && { pvc }),
      ...more,
    });
    const add = async (volume: Volume, namespace?: string) => {
      const spec = { volumes: [volume], ...(namespace !== undefined && { namespace }) };
      return (await queue.addTask(newTask({ spec }))).task.id;
    };
    const claim = async (place = { cluster: "c1", namespace: "default" }) =>
      queue.claim(terms(world.holder(1), place));

    test("run one after the other, and `pending` names claim and holder", async () => {
      const [first, second] = [await add(cache({ claim: "c" })), await add(cache({ claim: "c" }))];
      const holder = await claim();
      expect(holder?.task.id).toBe(first);
      expect(await claim()).toBeUndefined();
      expect((await queue.getTask(second))?.pending).toMatchObject({
        blockedBy: "concurrency",
        message: `Claim c has one writer at a time and is in use by ${first}.`,
        details: { heldBy: [first] },
      });
      if (holder) await queue.settle(holder.lease, resultOf(), null);
      expect((await claim())?.task.id).toBe(second);
    });

    test("meet whether the namespace is the task's word or the driver's default", async () => {
      await add(cache({ claim: "c" }), "builds");
      const unnamed = await add(cache({ claim: "c" }));
      await claim({ cluster: "c1", namespace: "builds" });
      expect(await claim({ cluster: "c1", namespace: "builds" })).toBeUndefined();
      expect((await claim({ cluster: "c1", namespace: "other" }))?.task.id).toBe(unnamed);
    });

    test("do not meet on different clusters or namespaces", async () => {
      const [one, two, three] = [
        await add(cache({ claim: "c" })),
        await add(cache({ claim: "c" })),
        await add(cache({ claim: "c" }), "other"),
      ];
      const claims = [await claim(), await claim({ cluster: "c2", namespace: "default" }), await claim()];
      expect(claims.map((each) => each?.task.id)).toEqual([one, two, three]);
    });

    test.each([
      ["many writers", cache({ claim: "c", accessMode: "ReadWriteMany" })],
      ["a mount that only reads", cache({ claim: "c" }, { readOnly: true })],
      ["a claim of the task's own", cache({ size: "1Gi" })],
    ])("run together: %s", async (_, volume) => {
      await add(volume);
      await add(volume);
      expect([await claim(), await claim()].map((each) => each !== undefined)).toEqual([true, true]);
    });

    test("stay apart over a takeover and a retry", async () => {
      const first = await add(cache({ claim: "c" }));
      const second = await add(cache({ claim: "c" }));
      await claim();
      world.now += 60_000;
      const takeover = await claim();
      expect(takeover).toMatchObject({ takenOver: true, task: { id: first } });
      expect(await claim()).toBeUndefined();
      const retry = { notBefore: new Date(world.now + 10_000).toISOString() };
      if (takeover)
        await queue.settle(takeover.lease, resultOf({ reason: "PodLost", exitCode: null }), retry);
      expect((await claim())?.task.id).toBe(second);
      world.now += 10_000;
      expect(await claim()).toBeUndefined();
    });
  });
}
