import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimed, newTask, resultOf, terms, type OpenHarness, type QueueHarness } from "./queue.harness.ts";

/** When those who wait for changes are told to look again. */
export function describeQueueChanges(name: string, open: OpenHarness): void {
  describe(`${name}: changes`, () => {
    let harness: QueueHarness;
    let stop: AbortController;
    let watching: Promise<void>;
    let looks: number;
    beforeEach(async () => {
      harness = await open();
      stop = new AbortController();
      looks = 0;
      const watch = async () => {
        for await (const _ of harness.queue.changes(stop.signal)) looks += 1;
      };
      watching = watch();
      await quiet();
    });
    afterEach(async () => {
      stop.abort();
      await watching;
      await harness.dispose();
    });

    const quiet = async () => {
      for (let before = -1; before !== looks; await pause(400)) before = looks;
    };
    /** How often it is told because of something. */
    const told = async (act: () => Promise<unknown>) => {
      const before = looks;
      await act();
      await quiet();
      return looks - before;
    };

    test("come at once, and after each write", async () => {
      const { queue, world } = harness;
      expect(looks).toBeGreaterThan(0);
      expect(await told(() => queue.addTask(newTask()))).toBeGreaterThan(0);
      const { lease } = await claimed(queue, world.holder(1));
      expect(await told(() => queue.renewLease(lease))).toBeGreaterThan(0);
      expect(await told(() => queue.settle(lease, resultOf(), null))).toBeGreaterThan(0);
    });

    test("do not come of a claim that found nothing, or idle workers would wake each other for ever", async () => {
      const { queue, world } = harness;
      let claims = 0;
      const work = async (pid: number) => {
        for await (const _ of queue.changes(stop.signal)) {
          claims += 1;
          await queue.claim(terms(world.holder(pid)));
        }
      };
      const workers = [work(1), work(2)];
      await queue.addTask(newTask());
      await pause(2000);
      // One each at once, and some for the add and the claim; endless ones would be hundreds.
      expect(claims).toBeLessThan(16);
      stop.abort();
      await Promise.all(workers);
    });
  });
}
