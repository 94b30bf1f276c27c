import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startDriver } from "./fixtures/start.ts";
import { newTask, type RealMachine, type RealStore } from "./queue.harness.ts";

const twelve = Array.from({ length: 12 });

export interface ProcessesOptions extends RealMachine {
  /**
   * How many tasks may be passed over at a start because others are just being claimed: 0 where one claim waits for the
   * other, else one for each other process. A start may come late by any number: its process may stand still.
   */
  readonly passedOver: number;
}

/** Many processes on one queue. */
export function describeQueueProcesses(
  name: string,
  newStore: () => Promise<RealStore>,
  { processes, node, passedOver }: ProcessesOptions,
): void {
  describe(`${name}: twelve processes at once`, () => {
    let store: RealStore;
    beforeEach(async () => {
      store = await newStore();
    });
    afterEach(() => store.remove());

    test("that open an empty place make one queue", { timeout: 60_000 }, async () => {
      const ended = await Promise.all(twelve.map(() => startDriver(node, store.url, "open")));
      expect(ended.map(({ code, errors }) => [code, errors])).toEqual(twelve.map(() => [0, ""]));
      expect(new Set(ended.flatMap(({ lines }) => lines)).size).toBe(1);
      const queue = await store.open(processes);
      expect(await queue.readSettings()).toMatchObject([
        { key: "keruta.kubernetes.enabled", value: "false" },
      ]);
      await queue.close();
    });

    test("claim each task once, each by priority then age", { timeout: 60_000 }, async () => {
      const queue = await store.open(processes);
      const order = new Map<string, number>();
      for (const priority of [2, 1, 0]) {
        for (let n = 0; n < 80; n += 1) {
          const { task } = await queue.addTask(newTask({ priority }));
          order.set(task.id, order.size);
        }
      }
      const ended = await Promise.all(twelve.map(() => startDriver(node, store.url, "drain")));
      expect(ended.map(({ code, errors }) => [code, errors])).toEqual(twelve.map(() => [0, ""]));
      const claimed = ended.flatMap(({ lines }) => lines);
      expect(claimed.toSorted()).toEqual([...order.keys()].toSorted());
      for (const { lines } of ended) {
        const places = lines.map((id) => order.get(id) ?? -1);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }
      const events = await queue.readEvents({ after: 0 });
      const started = events.filter(({ type }) => type === "AttemptStarted");
      expect(started).toHaveLength(order.size);
      const early = started.map(({ taskId }, turn) => (order.get(taskId) ?? -1) - turn);
      expect(Math.max(...early)).toBeLessThanOrEqual(passedOver);
      await queue.close();
      expect(await store.check()).toEqual([]);
    });

    test("wake a watcher at once by a commit, and an abort ends it", { timeout: 30_000 }, async () => {
      const queue = await store.open(processes);
      const stop = new AbortController();
      const changes = queue.changes(stop.signal)[Symbol.asyncIterator]();
      expect((await changes.next()).done).toBe(false);
      const child = startDriver(node, store.url, "add");
      let [event] = await queue.readEvents({ after: 0 });
      while (!event) {
        expect((await changes.next()).done).toBe(false);
        [event] = await queue.readEvents({ after: 0 });
      }
      const woken = performance.timeOrigin + performance.now();
      expect(event.type).toBe("TaskAdded");
      expect(woken - Date.parse(event.time)).toBeLessThan(500);
      await child;
      const last = (async () => {
        while ((await changes.next()).done !== true);
      })();
      stop.abort();
      await last;
      await queue.close();
    });
  });
}
