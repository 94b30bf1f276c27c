import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewTask } from "../domain/task/task.ts";
import { newTask, terms, type OpenHarness, type QueueHarness, type World } from "./queue.harness.ts";
import type { ClaimRequest, NamespaceScope, Queue } from "./queue.ts";

/** Claims that are bound to namespaces, in the queue's own order. */
export function describeBoundClaims(name: string, open: OpenHarness): void {
  describe(`${name}: claims bound to namespaces`, () => {
    let harness: QueueHarness;
    let queue: Queue;
    let world: World;
    beforeEach(async () => {
      harness = await open();
      ({ queue, world } = harness);
    });
    afterEach(() => harness.dispose());

    const add = async (namespace: string | null, priority = 0, more: Partial<NewTask> = {}) => {
      const spec = { command: ["x"], ...more.spec, ...(namespace !== null && { namespace }) };
      return (await queue.addTask(newTask({ priority, ...more, spec }))).task.id;
    };
    const claim = (namespaces: NamespaceScope, change: Partial<ClaimRequest> = {}) =>
      queue.claim({ ...terms(world.holder(1)), namespaces, ...change });
    const idsOf = async (namespaces: NamespaceScope) => {
      const ids: string[] = [];
      for (let one = await claim(namespaces); one; one = await claim(namespaces)) ids.push(one.task.id);
      return ids;
    };

    test("take by priority, then by age, over all of their namespaces and of no other", async () => {
      await add("c", 100);
      const [a1, b1, a2, none, b2] = [
        await add("a"),
        await add("b"),
        await add("a", 5),
        await add(null, 3),
        await add("b", 9),
      ];
      expect(await claim([])).toBeUndefined();
      expect(await claim(["elsewhere"])).toBeUndefined();
      expect(await idsOf(["a", "b", null])).toEqual([b2, a2, none, a1, b1]);
      const rest = await queue.listTasks({ statuses: ["PENDING"] });
      expect(rest.items.map(({ spec }) => spec.namespace)).toEqual(["c"]);
    });

    test("are bound by names alone where none is not among them, and by none alone", async () => {
      const [named, none] = [await add("a"), await add(null)];
      expect(await idsOf(["a"])).toEqual([named]);
      expect(await idsOf([null])).toEqual([none]);
    });

    test("pass over what may not run, as others do", async () => {
      await add("a", 9, { spec: { hold: true } });
      await add("a", 8, { spec: { notBefore: new Date(world.now + 10_000).toISOString() } });
      await add("a", 7, { spec: { runner: "kubernetes" } });
      const concurrency = { key: "k", limit: 1 };
      const first = await add("a", 6, { spec: { concurrency } });
      await add("a", 5, { spec: { concurrency } });
      const last = await add("a", 4);
      const local = { runners: ["local"], defaultRunner: "local" } as const;
      expect((await claim(["a"], local))?.task.id).toBe(first);
      expect((await claim(["a"], local))?.task.id).toBe(last);
      expect(await claim(["a"], local)).toBeUndefined();
      await queue.setPaused(true);
      await add("a", 50);
      expect(await claim(["a"])).toBeUndefined();
    });

    test("look past many that may not run", async () => {
      await Promise.all(Array.from({ length: 40 }, () => add("a", 1, { spec: { runner: "kubernetes" } })));
      const last = await add("a");
      expect((await claim(["a"], { runners: ["local"] }))?.task.id).toBe(last);
    });

    test("take over what was left of their namespaces alone", async () => {
      const [a, b] = [await add("a", 1), await add("b", 9)];
      await idsOf(["a", "b"]);
      world.now += 60_000;
      expect(await claim(["a"])).toMatchObject({ takenOver: true, task: { id: a } });
      expect(await claim(["a"])).toBeUndefined();
      expect(await claim(["b"], { taskId: b })).toMatchObject({ takenOver: true });
    });

    test("of a task by name find it in their namespaces only", async () => {
      const id = await add("a");
      expect(await claim(["b"], { taskId: id })).toBeUndefined();
      expect((await claim(["a"], { taskId: id }))?.task.id).toBe(id);
    });

    test("by many at once take each task once", async () => {
      const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => add(n % 3 === 0 ? "a" : "b")));
      const taken: string[] = [];
      const worker = async (pid: number) => {
        for (;;) {
          const one = await queue.claim({ ...terms(world.holder(pid)), namespaces: ["a", "b"] });
          if (!one) return;
          taken.push(one.task.id);
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, pid) => worker(pid + 1)));
      expect(taken.toSorted()).toEqual(ids.toSorted());
    });
  });
}
