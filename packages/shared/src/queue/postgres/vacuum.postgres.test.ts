import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { claimed, createWorld, line, newTask, resultOf } from "../queue.harness.ts";
import { openPostgresStore } from "./open.ts";
import { changedUrl, server, testDatabase } from "./postgres.harness.ts";

const answerMilliseconds = 300;

const database = testDatabase();
test.skipIf(!server)(
  "a vacuum may take longer than any answer, and is left to the server by who is to stop",
  async () => {
    const world = createWorld();
    const { processes, clock } = world;
    // The server rests 0.4 s after each page.
    const url = changedUrl(await database.newSchema(), ({ searchParams }) => {
      const slow = "-cvacuum_cost_delay=100 -cvacuum_cost_limit=1";
      searchParams.set("options", `${searchParams.get("options") ?? ""} ${slow}`);
    });
    const options = { url, processes, clock, random: randomBytes, answerMilliseconds };
    const { queue, logArchive } = await openPostgresStore(options);
    try {
      const fill = async () => {
        await queue.addTask(newTask());
        const { lease } = await claimed(queue, world.holder(1));
        await queue.appendLog(lease, [line(1, "one")]);
        await queue.appendLog(lease, [line(2, "two")]);
        await queue.settle(lease, resultOf(), null);
      };
      await fill();
      const start = performance.now();
      await logArchive.reclaim(new AbortController().signal);
      const taken = performance.now() - start;
      expect(taken).toBeGreaterThan(answerMilliseconds);
      await fill();
      const stopping = new AbortController();
      setTimeout(() => {
        stopping.abort();
      }, 100);
      const again = performance.now();
      await logArchive.reclaim(stopping.signal);
      expect(performance.now() - again).toBeLessThan(taken);
    } finally {
      await queue.close();
    }
  },
);
