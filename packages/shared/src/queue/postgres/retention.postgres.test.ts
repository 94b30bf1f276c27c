import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { claimed, createWorld, failure, line, newTask, textOf } from "../queue.harness.ts";
import { openPostgresStore } from "./open.ts";
import { expectSound, otherSession, server, testDatabase } from "./postgres.harness.ts";

const usual = { logs: 1000, archivedLogs: 0, artifacts: 1000, tasks: 1000, isArchiving: false };

const database = testDatabase();
test.skipIf(!server)(
  "a task that runs again by the time that its turn comes keeps log and artifacts",
  async () => {
    const world = createWorld();
    const { processes, clock } = world;
    const url = await database.newSchema();
    const { queue, retention } = await openPostgresStore({ url, processes, clock, random: randomBytes });
    await using other = await otherSession(url);
    try {
      const ids: string[] = [];
      for (let n = 0; n < 2; n += 1) {
        await queue.addTask(newTask());
        const { lease } = await claimed(queue, world.holder(1));
        await queue.appendLog(lease, [line(1, "of the first attempt")]);
        await queue.recordArtifacts(lease, [{ path: "a", bytes: 1, sha256: "0".repeat(64), skipped: null }]);
        await queue.settle(lease, failure, null);
        ids.push(lease.taskId);
      }
      const [held = "", again = ""] = ids;
      world.now += 1000;
      // Whoever removes has read the page by the time that it comes to the first task, and waits there.
      await other.run("begin");
      await other.run("select from tasks where id = $1 for update", held);
      await other.run("select from log_blocks where task_id = $1 for update", held);
      const removing = retention.removeExpired(usual, 0);
      await other.othersWait();
      await queue.retryTask(again, "me");
      const { lease } = await claimed(queue, world.holder(1));
      await queue.appendLog(lease, [line(1, "before")]);
      await other.run("commit");

      expect((await removing).removed).toEqual({ logs: 1, artifacts: 1, tasks: 1 });
      expect(await queue.getTask(held)).toBeUndefined();
      await queue.appendLog(lease, [line(2, "and after")]);
      expect(await textOf(queue, { taskId: again, attempt: 1 })).toBe("of the first attempt\n");
      expect(await textOf(queue, { taskId: again, attempt: 2 })).toBe("before\nand after\n");
      expect(await queue.listArtifacts(again, 1)).toHaveLength(1);
      expect((await queue.readEvents({ after: 0, taskId: again })).length).toBeGreaterThan(0);
    } finally {
      await queue.close();
    }
    await expectSound(url);
  },
);
