import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NotifyMessage } from "../domain/notify/message.ts";
import type { Notice, NoticeWatch } from "../domain/notify/notice.ts";
import type { ChannelTerms, ClaimedDelivery } from "./notify.ts";
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
const terms: ChannelTerms = { rateLimit: 3, rateWindow: 60_000, leaseMilliseconds: 30_000 };
const said = (words: string) => ({ en: words, ja: words });
const message = (id: string): NotifyMessage => ({
  tasks: [{ id, title: id, labels: {}, namespace: null, status: "FAILED" }],
  events: [],
  heldBack: 0,
  omitted: 0,
});

/** From the fact to the delivery: each once, whatever dies or runs beside it. */
export function describeNotify(name: string, open: OpenStoreHarness): void {
  describe(`${name}: notifications`, () => {
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
    const put = (channel: string, ...ids: readonly string[]) =>
      ids.reduce(async (before, id) => {
        await before;
        // A delivery comes of a notice: one of a failed task.
        const lease = await running();
        await harness.queue.settle(lease, failure, null);
        await harness.notify.takeNotices(lease.taskId, () => [{ channel, message: message(id) }]);
      }, Promise.resolve());
    const claim = async (channel: string, change: Partial<ChannelTerms> = {}): Promise<ClaimedDelivery> => {
      const { delivery } = await harness.notify.claimDelivery(channel, { ...terms, ...change });
      if (!delivery) throw new Error("nothing to send");
      return delivery;
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
        { kind: "gap", sequence: 7, lastSequence: 9, time: 1, stdoutBytes: 1, stderrBytes: 0, why: "gone" },
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
      const entries = [line(1, "no", { level: "ERROR" })];
      await reports.appendLog({ taskId: lease.taskId, number: 1 }, entries);
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
      expect(await notify.listDue(60_000)).toEqual([]);
      expect(await notify.agenda()).toMatchObject({ firstNotice: world.now, isUrgent: false });
      await queue.settle(loud, failure, null);
      expect(await notify.agenda()).toMatchObject({ isUrgent: true });
      expect(await notify.listDue(60_000)).toMatchObject([
        { taskId: loud.taskId, notices: [{ kind: "log" }, { kind: "failed" }] },
      ]);
      world.now += 60_000;
      expect((await notify.listDue(60_000)).map(({ taskId }) => taskId)).toEqual([quiet.taskId, loud.taskId]);
    });

    test("of two that take the same notices one gets them", async () => {
      const { queue, notify } = harness;
      await notify.setWatch(everything);
      const lease = await running();
      await queue.settle(lease, failure, null);
      const make = () => [{ channel: "slack", message: message("a") }];
      const made = await Promise.all([1, 2, 3, 4].map(() => notify.takeNotices(lease.taskId, make)));
      expect(made.toSorted()).toEqual([0, 0, 0, 1]);
      expect(await notify.listDeliveries({ limit: 10 })).toHaveLength(1);
    });

    test("a notice outlives its task, and a delivery tells it", async () => {
      const { queue, notify } = harness;
      await notify.setWatch(everything);
      const lease = await running();
      await queue.settle(lease, failure, null);
      await queue.deleteTask(lease.taskId);
      expect(await notify.listDue(0)).toMatchObject([
        { taskId: lease.taskId, notices: [{ kind: "failed" }] },
      ]);
    });

    test("one of many sends a delivery; when its lease has ended the next one does, under the same id", async () => {
      const { notify, world } = harness;
      await notify.setWatch(everything);
      await put("slack", "a");
      const claims = await Promise.all([1, 2, 3, 4].map(() => notify.claimDelivery("slack", terms)));
      const [first, ...others] = claims.flatMap(({ delivery }) => delivery ?? []);
      expect(others).toEqual([]);
      if (!first) throw new Error("nobody sends it");
      expect(await notify.claimDelivery("slack", terms)).toEqual({
        delivery: null,
        until: world.now + 30_000,
      });
      world.now += 30_000;
      const second = await claim("slack");
      expect([second.id, second.tries]).toEqual([first.id, 2]);
      expect(await notify.recordOutcome(first, { state: "sent", detail: said("late") })).toBe(false);
      expect(await notify.recordOutcome(second, { state: "sent", detail: said("ok") })).toBe(true);
      expect(await notify.listDeliveries({ limit: 10 })).toMatchObject([
        { state: "sent", tries: 2, detail: said("ok"), nextTryAt: null },
      ]);
      expect((await notify.agenda()).channels).toEqual([]);
    });

    test("a channel that is away is tried with one delivery, and no other waits longer for it", async () => {
      const { notify, world } = harness;
      await notify.setWatch(everything);
      await put("slack", "a", "b");
      await put("email", "c");
      const first = await claim("slack");
      const detail = said("away");
      await notify.recordOutcome(first, {
        state: "waiting",
        detail,
        after: 5000,
        recipients: ["x@example.com"],
      });
      expect(await notify.claimDelivery("slack", terms)).toEqual({ delivery: null, until: world.now + 5000 });
      expect((await claim("email")).message.tasks[0]?.id).toBe("c");
      world.now += 5000;
      const again = await claim("slack");
      expect([again.id, again.recipients, again.detail]).toEqual([first.id, ["x@example.com"], detail]);
      await notify.recordOutcome(again, { state: "failed", detail: said("no") });
      expect((await claim("slack")).message.tasks[0]?.id).toBe("b");
      expect(await notify.listDeliveries({ limit: 10, state: "failed" })).toMatchObject([{ id: first.id }]);
    });

    test("what is too much for a channel is summed up in the last of its share, and nothing is lost", async () => {
      const { notify, world } = harness;
      await notify.setWatch(everything);
      const send = async (delivery: ClaimedDelivery) => {
        await notify.recordOutcome(delivery, { state: "sent", detail: said("ok") });
        world.now += 1000;
        return delivery.message;
      };
      await put("slack", "a", "b", "c", "d", "e", "f");
      const start = world.now;
      expect((await send(await claim("slack"))).tasks[0]?.id).toBe("a");
      expect((await send(await claim("slack"))).tasks[0]?.id).toBe("b");
      const digest = await send(await claim("slack"));
      expect([digest.heldBack, digest.tasks.map(({ id }) => id)]).toEqual([4, ["c", "d", "e", "f"]]);
      await put("slack", "g", "h");
      // Until the first of the three is long enough ago.
      expect(await notify.claimDelivery("slack", terms)).toEqual({ delivery: null, until: start + 60_000 });
      world.now = start + 60_000;
      const next = await send(await claim("slack"));
      expect([next.heldBack, next.tasks.map(({ id }) => id)]).toEqual([2, ["g", "h"]]);
      const all = await notify.listDeliveries({ limit: 100 });
      expect(all.filter(({ state }) => state === "waiting")).toEqual([]);
      const digested = all.filter(({ state }) => state === "digested");
      expect(digested).toHaveLength(6);
      expect(new Set(digested.map(({ digestId }) => digestId)).size).toBe(2);
    });

    test("ended deliveries are listed by pages and swept by age", async () => {
      const { notify, world } = harness;
      await notify.setWatch(everything);
      await put("slack", "a", "b", "c");
      const first = await claim("slack");
      await notify.recordOutcome(first, { state: "failed", detail: said("no") });
      world.now += 10_000;
      const [newest, second] = await notify.listDeliveries({ limit: 2 });
      expect(newest?.message.tasks[0]?.id).toBe("c");
      const rest = await notify.listDeliveries({ limit: 2, before: second?.seq ?? 0 });
      expect(rest.map(({ id }) => id)).toEqual([first.id]);
      const since = new Date(world.now - 5000).toISOString();
      expect(await notify.listDeliveries({ limit: 9, since })).toHaveLength(2);
      await notify.sweepDeliveries(5000);
      expect((await notify.listDeliveries({ limit: 9 })).map(({ state }) => state)).toEqual([
        "waiting",
        "waiting",
      ]);
    });
  });
}
