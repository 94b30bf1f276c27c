import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { KerutaError } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import { testContext } from "../compose/context.fake.ts";
import { BrokenPipe } from "../io/io.ts";
import { addTask, line, startTask } from "../tasks/queued.fake.ts";
import { createEventWatcher } from "./event-watcher.ts";

const typesOf = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((row) => (JSON.parse(row) as { type: string }).type);

test("events that cannot be read at a phase are printed with the next, once and in order", async () => {
  await using surroundings = await testContext();
  const { context, io } = surroundings;
  const real = await surroundings.queue();
  const { task } = await startTask(real, (await addTask(real)).id);
  let away = false;
  const queue: Queue = {
    ...real,
    async readEvents(filter) {
      if (away) throw new KerutaError("KRT_DB_UNREACHABLE", { en: "away", ja: "" });
      return real.readEvents(filter);
    },
  };
  const watcher = createEventWatcher(context, queue);
  away = true;
  await expect(watcher.attempt(task)).rejects.toMatchObject({ code: "KRT_DB_UNREACHABLE" });
  watcher.phase("Running");
  await watcher.entries(task, [line(1, "hello")]);
  await setImmediate();
  away = false;
  await watcher.settled(task);
  await watcher.settled(task);
  await watcher.flush();
  expect(typesOf(io.stdout.text())).toEqual(["Log", "TaskAdded", "AttemptStarted"]);
});

test("a reader that went away ends the printing alone", async () => {
  await using surroundings = await testContext();
  const { context, io } = surroundings;
  const queue = await surroundings.queue();
  const { task } = await startTask(queue, (await addTask(queue)).id);
  const watcher = createEventWatcher(context, queue);
  io.stdout.failure = new BrokenPipe();
  await watcher.attempt(task);
  await watcher.entries(task, [line(1, "hello")]);
  io.stdout.failure = undefined;
  await watcher.settled(task);
  await watcher.flush();
  expect(io.stdout.text()).toBe("");
});
