import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { KerutaError } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import { testContext } from "../compose/context.fake.ts";
import { addTask, endTask, startTask } from "../tasks/queued.fake.ts";
import { runToEnd } from "./run-to-end.ts";
import { createSilentWatcher } from "./silent-watcher.ts";

test("a cancel that the queue refuses stops the command, and is an error when that has ended", async () => {
  await using surroundings = await testContext();
  const { context } = surroundings;
  const real = await surroundings.queue();
  const refused = new KerutaError("KRT_SERVER_FORBIDDEN", { en: "Not yours.", ja: "" });
  const queue: Queue = { ...real, cancelTask: () => Promise.reject(refused) };
  const claim = await startTask(real, (await addTask(real)).id);
  const unheard: unknown[] = [];
  const listen = (error: unknown) => unheard.push(error);
  process.on("unhandledRejection", listen);
  try {
    const end = runToEnd({
      context,
      queue,
      watcher: createSilentWatcher(),
      taskId: claim.task.id,
      claim,
      terms: null,
      onInterrupt: "cancel",
      leaveAtOnce: false,
      async drive(_claim, _log, { cancel }) {
        surroundings.send("SIGINT");
        while (!cancel.aborted) await setImmediate();
        // Node tells of a promise that nobody caught when the turn is over.
        await setImmediate();
        await endTask(real, claim, { reason: "Cancelled" });
      },
    });
    await expect(end).rejects.toBe(refused);
  } finally {
    process.off("unhandledRejection", listen);
  }
  expect(unheard).toEqual([]);
  expect((await real.getTask(claim.task.id))?.attempt?.reason).toBe("Cancelled");
});

test("where this driver fails it says that the task has not ended, and what goes on with it or ends it", async () => {
  await using surroundings = await testContext();
  const { context } = surroundings;
  const queue = await surroundings.queue();
  const claim = await startTask(queue, (await addTask(queue)).id);
  const forbidden = new KerutaError("KRT_CLUSTER_FORBIDDEN", { en: "No right.", ja: "" });
  const said: string[] = [];
  const end = runToEnd({
    context,
    queue,
    watcher: { ...createSilentWatcher(), notice: ({ en }) => void said.push(en) },
    taskId: claim.task.id,
    claim,
    terms: null,
    onInterrupt: "cancel",
    leaveAtOnce: false,
    drive: () => Promise.reject(forbidden),
  });
  await expect(end).rejects.toBe(forbidden);
  const { id } = claim.task;
  expect(said).toEqual([
    `${id} has not ended: \`keruta attach ${id}\` goes on with it, \`keruta cancel ${id}\` ends it`,
  ]);
});
