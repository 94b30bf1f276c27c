import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLevelDetector } from "../domain/log/level.ts";
import type { NotifyMessage } from "../domain/notify/message.ts";
import type { Notice, NoticeWatch } from "../domain/notify/notice.ts";
import {
  claimed,
  failure,
  line,
  lost,
  newTask,
  resultOf,
  type OpenStoreHarness,
  type StoreHarness,
} from "./queue.harness.ts";

const everything: NoticeWatch = { log: "WARN", failed: true, deadline: true };
const message = (id: string): NotifyMessage => ({
  tasks: [{ id, title: id, labels: {}, namespace: null, status: "FAILED" }],
  events: [],
  heldBack: 0,
  omitted: 0,
});

/** From the fact to the notice: each once, in the transaction of the fact. */
export function describeNotices(name: string, open: OpenStoreHarness): void {
  describe(`${name}: notices`, () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.dispose());

    const running = async (change: Parameters<typeof newTask>[0] = {}) => {
      const { queue, world } = harness;
      await queue.addTask(newTask(change));
      return (await claimed(queue, world.holder(1))).lease;
    };
    const noticesOf = async (taskId: string) => {
      let taken: readonly Notice[] = [];
      await harness.notify.takeNotices(taskId, (notices) => {
        taken = notices;
        return [];
      });
      return taken;
    };
    test("without anybody to tell nothing is noted, and it can be switched off again", async () => {
      const { queue, notify } = harness;
      for (const watch of [null, everything, { log: null, failed: false, deadline: false }]) {
        if (watch) await notify.setWatch(watch);
        const lease = await running();
        await queue.appendLog(lease, [line(1, "no", { level: "ERROR" })]);
        await queue.settle(lease, failure, null);
        expect(await noticesOf(lease.taskId)).toHaveLength(watch === everything ? 2 : 0);
      }
    });

    test("records of a level are counted by line over all pieces of a log, a gap as an error", async () => {
      const { queue, notify, world } = harness;
      await notify.setWatch(everything);
      const lease = await running();
      const start = world.now;
      await queue.appendLog(lease, [line(1, "fine"), line(2, "long", { level: "ERROR", newline: false })]);
      world.now += 5000;
      await queue.appendLog(lease, [
        line(2, "long", { level: "ERROR", newline: false }),
        line(3, "er", { level: "ERROR" }),
        line(4, "again", { level: "ERROR", stream: "stderr", newline: false }),
        line(5, "hm", { level: "WARN" }),
      ]);
      const control = { type: "log", level: "ERROR", message: "said so" } as const;
      await queue.appendLog(lease, [
        { kind: "control", sequence: 6, time: 1, control },
        {
          kind: "gap",
          sequence: 7,
          lastSequence: 9,
          time: 1,
          stdoutBytes: 1,
          stderrBytes: 0,
          reason: "agent-killed",
          why: "gone",
        },
      ]);
      const notice = { kind: "log", attempt: 1, errors: 4, warnings: 1, firstSequence: 2 };
      const times = { time: new Date(start).toISOString(), lastTime: new Date(world.now).toISOString() };
      expect(await noticesOf(lease.taskId)).toEqual([{ ...notice, ...times }]);
      expect(await noticesOf(lease.taskId)).toEqual([]);
    });

    test("where errors are asked for, warnings alone note nothing", async () => {
      const { queue, notify } = harness;
      await notify.setWatch({ ...everything, log: "ERROR" });
      const lease = await running();
      await queue.appendLog(lease, [line(1, "hm", { level: "WARN" })]);
      expect(await noticesOf(lease.taskId)).toEqual([]);
      await queue.appendLog(lease, [line(2, "no", { level: "ERROR" })]);
      expect(await noticesOf(lease.taskId)).toMatchObject([{ errors: 1, firstSequence: 2 }]);
    });

    test("what an agent brings is noted once, whoever brings it again", async () => {
      const { queue, notify, reports } = harness;
      await notify.setWatch(everything);
      const lease = await running();
      const entries = [line(1, "ERROR: no", { level: "ERROR" })];
      const judge = { detect: createLevelDetector(), dropDebug: false };
      await reports.appendLog({ taskId: lease.taskId, number: 1 }, entries, judge);
      await queue.appendLog(lease, entries);
      expect(await noticesOf(lease.taskId)).toMatchObject([{ errors: 1 }]);
    });

    test("a failed task is noted with its result and event, one that is tried again or done is not", async () => {
      const { queue, notify, world } = harness;
      await notify.setWatch(everything);
      const first = await running();
      await queue.settle(first, lost, { notBefore: new Date(world.now).toISOString() });
      expect(await noticesOf(first.taskId)).toEqual([]);
      const { lease } = await claimed(queue, world.holder(1));
      await queue.settle(lease, { ...failure, message: "no <good>" }, null);
      // The same settle again, as after a connection that broke.
      await queue.settle(lease, { ...failure, message: "no <good>" }, null);
      const events = await queue.readEvents({ after: 0, taskId: lease.taskId });
      expect(await noticesOf(lease.taskId)).toEqual([
        {
          kind: "failed",
          attempt: 2,
          time: new Date(world.now).toISOString(),
          reason: "Error",
          category: "command",
          exitCode: 7,
          message: "no <good>",
          eventSeq: events.at(-1)?.seq,
        },
      ]);
      const done = await running();
      await queue.settle(done, resultOf(), null);
      expect(await noticesOf(done.taskId)).toEqual([]);
    });

    test("a missed deadline is noted once, waiting, running or ended too late, and again for a new one", async () => {
      const { queue, notify, world } = harness;
      await notify.setWatch(everything);
      const at = (milliseconds: number) => new Date(world.now + milliseconds).toISOString();
      const runs = await running({ spec: { command: ["true"], deadline: at(1000) } });
      const { task: waits } = await queue.addTask(newTask({ spec: { deadline: at(1000) } }));
      expect(await notify.agenda()).toMatchObject({ nextDeadline: world.now + 1000 });
      expect(await notify.noteMissedDeadlines()).toBe(0);
      world.now += 1000;
      expect(await notify.noteMissedDeadlines()).toBe(2);
      expect(await notify.noteMissedDeadlines()).toBe(0);
      await queue.settle(runs, resultOf(), null);
      for (const id of [runs.taskId, waits.id]) {
        const [notice] = await noticesOf(id);
        expect(notice).toMatchObject({ kind: "deadline", deadline: at(0) });
        const missed = (await queue.readEvents({ after: 0, taskId: id })).filter(
          ({ type }) => type === "DeadlineMissed",
        );
        expect(missed).toMatchObject([
          { data: { deadline: at(0) }, seq: notice && "eventSeq" in notice ? notice.eventSeq : 0 },
        ]);
      }
      await queue.updateTask(waits.id, { spec: { deadline: at(500) } });
      world.now += 600;
      // Nobody looked before it ended.
      const late = (await claimed(queue, world.holder(1))).lease;
      await queue.settle(late, resultOf(), null);
      expect(await noticesOf(waits.id)).toMatchObject([{ kind: "deadline", deadline: at(-100) }]);
      expect(await notify.agenda()).toMatchObject({ nextDeadline: null });
    });

    test("a log waits for its window, a failure for nothing and takes the log along", async () => {
      const { queue, notify, world } = harness;
      await notify.setWatch(everything);
      const quiet = await running();
      await queue.appendLog(quiet, [line(1, "no", { level: "ERROR" })]);
      const loud = await running();
      await queue.appendLog(loud, [line(1, "no", { level: "ERROR" })]);
      expect((await notify.listDue(60_000, 0)).tasks).toEqual([]);
      expect(await notify.agenda()).toMatchObject({ firstNotice: world.now, isUrgent: false });
      await queue.settle(loud, failure, null);
      expect(await notify.agenda()).toMatchObject({ isUrgent: true });
      expect((await notify.listDue(60_000, 0)).tasks).toMatchObject([
        { taskId: loud.taskId, notices: [{ kind: "log" }, { kind: "failed" }] },
      ]);
      world.now += 60_000;
      expect((await notify.listDue(60_000, 0)).tasks.map(({ taskId }) => taskId)).toEqual([
        quiet.taskId,
        loud.taskId,
      ]);
    });

    test("more than a page of tasks are due, each once, though none is told of meanwhile", async () => {
      const { queue, notify } = harness;
      await notify.setWatch(everything);
      const ids: string[] = [];
      for (let n = 0; n < 101; n += 1) {
        const lease = await running();
        await queue.appendLog(lease, [line(1, "no", { level: "ERROR" })]);
        await queue.settle(lease, failure, null);
        ids.push(lease.taskId);
      }
      const first = await notify.listDue(0, 0);
      expect(first.tasks).toHaveLength(100);
      const second = await notify.listDue(0, first.next ?? 0);
      expect(second.next).toBeNull();
      expect([...first.tasks, ...second.tasks].map(({ taskId }) => taskId)).toEqual(ids);
    });

    test("of two that take the same notices one gets them", async () => {
      const { queue, notify } = harness;
      await notify.setWatch(everything);
      const lease = await running();
      await queue.settle(lease, failure, null);
      const make = () => [{ channel: "slack", message: message("a") }];
      const made = await Promise.all([1, 2, 3, 4].map(() => notify.takeNotices(lease.taskId, make)));
      expect(made.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1]);
      expect(await notify.listDeliveries({ limit: 10 })).toHaveLength(1);
    });

    test("a notice outlives its task, and a delivery tells it", async () => {
      const { queue, notify } = harness;
      await notify.setWatch(everything);
      const lease = await running();
      await queue.settle(lease, failure, null);
      await queue.deleteTask(lease.taskId);
      expect((await notify.listDue(0, 0)).tasks).toMatchObject([
        { taskId: lease.taskId, notices: [{ kind: "failed" }] },
      ]);
    });
  });
}
