import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NotifyMessage } from "../domain/notify/message.ts";
import type { NoticeWatch } from "../domain/notify/notice.ts";
import type { ChannelTerms, ClaimedDelivery } from "./notify.ts";
import { claimed, failure, newTask, type OpenStoreHarness, type StoreHarness } from "./queue.harness.ts";

const everything: NoticeWatch = { log: "WARN", failed: true, deadline: true };
const terms: ChannelTerms = { rateLimit: 3, rateWindow: 60_000, leaseMilliseconds: 30_000 };
const said = (words: string) => ({ en: words, ja: words });
const message = (id: string): NotifyMessage => ({
  tasks: [{ id, title: id, labels: {}, namespace: null, status: "FAILED" }],
  events: [],
  heldBack: 0,
  omitted: 0,
});

/** From the notice to what became of it: sent by one at a time, and nothing lost. */
export function describeDeliveries(name: string, open: OpenStoreHarness): void {
  describe(`${name}: deliveries`, () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.dispose());

    const put = (channel: string, ...ids: readonly string[]) =>
      ids.reduce(async (before, id) => {
        await before;
        // A delivery comes of a notice: one of a failed task.
        const { queue, world } = harness;
        await queue.addTask(newTask());
        const { lease } = await claimed(queue, world.holder(1));
        await harness.queue.settle(lease, failure, null);
        await harness.notify.takeNotices(lease.taskId, () => [{ channel, message: message(id) }]);
      }, Promise.resolve());
    const claim = async (channel: string, change: Partial<ChannelTerms> = {}): Promise<ClaimedDelivery> => {
      const { delivery } = await harness.notify.claimDelivery(channel, { ...terms, ...change });
      if (!delivery) throw new Error("nothing to send");
      return delivery;
    };

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
