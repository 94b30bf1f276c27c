import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import type { NotifyMessage } from "../../domain/notify/message.ts";
import { claimed, createWorld, failure, newTask } from "../queue.harness.ts";
import { openPostgresStore } from "./open.ts";
import { otherSession, server, testDatabase } from "./postgres.harness.ts";

const message = (id: string): NotifyMessage => ({
  tasks: [{ id, title: id, labels: {}, namespace: null, status: "FAILED" }],
  events: [],
  heldBack: 0,
  omitted: 0,
});

const database = testDatabase();
test.skipIf(!server)(
  "deliveries that come while a digest is made are named by it, or go out later",
  async () => {
    const world = createWorld();
    const { processes, clock } = world;
    const url = await database.newSchema();
    const { queue, notify } = await openPostgresStore({ url, processes, clock, random: randomBytes });
    await using other = await otherSession(url);
    try {
      await notify.setWatch({ log: "WARN", failed: true, deadline: true });
      for (const id of ["a", "b"]) {
        await queue.addTask(newTask());
        const { lease } = await claimed(queue, world.holder(1));
        await queue.settle(lease, failure, null);
        await notify.takeNotices(lease.taskId, () => [{ channel: "slack", message: message(id) }]);
      }
      // Whoever makes a digest has counted by the time that it writes, and waits there.
      await other.run("begin");
      await other.run("lock table deliveries in share mode");
      const terms = { rateLimit: 1, rateWindow: 60_000, leaseMilliseconds: 30_000 };
      const claim = notify.claimDelivery("slack", terms);
      await other.othersWait();
      await other.run(
        `insert into deliveries (id, channel, state, message, tries, next_try_at, lease_until, created_at)
        select $1, channel, state, $2, tries, next_try_at, lease_until, created_at from deliveries limit 1`,
        "msg_c",
        JSON.stringify(message("c")),
      );
      await other.run("commit");

      const { delivery } = await claim;
      const all = await notify.listDeliveries({ limit: 10 });
      const digested = all.filter(({ state }) => state === "digested").map((one) => one.message.tasks[0]?.id);
      const later = all.filter(({ id, state }) => state === "waiting" && id !== delivery?.id);
      expect(delivery?.message).toMatchObject({ heldBack: digested.length, omitted: 0 });
      expect(delivery?.message.tasks.map(({ id }) => id)).toEqual(digested.toReversed());
      expect(digested.length + later.length).toBe(3);
    } finally {
      await queue.close();
    }
  },
);
