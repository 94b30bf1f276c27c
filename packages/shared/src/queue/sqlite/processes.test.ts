import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProcessTable } from "../process-table.ts";
import { newTask } from "../queue.harness.ts";
import { checkSqlite } from "./check.ts";
import { startDriver } from "./fixtures/start.ts";
import { openSqliteQueue } from "./open.ts";
import { scratchDirectory } from "./sqlite.harness.ts";

const processes = createProcessTable({ platform: process.platform, pid: process.pid });
const options = { processes, clock: () => Date.now(), random: randomBytes };
const twelve = Array.from({ length: 12 });

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await scratchDirectory();
  path = join(directory, "deep", "er", "keruta.db");
});
afterEach(() => rm(directory, { recursive: true }));

test("twelve processes that open an empty place at once make one queue", { timeout: 60_000 }, async () => {
  const ended = await Promise.all(twelve.map(() => startDriver(process.execPath, path, "open")));
  expect(ended.map(({ code, errors }) => [code, errors])).toEqual(twelve.map(() => [0, ""]));
  expect(new Set(ended.flatMap(({ lines }) => lines)).size).toBe(1);
  const queue = await openSqliteQueue({ path, ...options });
  expect(await queue.readSettings()).toMatchObject([{ key: "keruta.kubernetes.enabled", value: "false" }]);
  await queue.close();
});

test("twelve processes claim each task once, each by priority then age", { timeout: 60_000 }, async () => {
  const queue = await openSqliteQueue({ path, ...options });
  const order = new Map<string, number>();
  for (const priority of [2, 1, 0]) {
    for (let n = 0; n < 80; n += 1) {
      const { task } = await queue.addTask(newTask({ priority }));
      order.set(task.id, order.size);
    }
  }
  const ended = await Promise.all(twelve.map(() => startDriver(process.execPath, path, "drain")));
  expect(ended.map(({ code, errors }) => [code, errors])).toEqual(twelve.map(() => [0, ""]));
  const claimed = ended.flatMap(({ lines }) => lines);
  expect(claimed.toSorted()).toEqual([...order.keys()].toSorted());
  for (const { lines } of ended) {
    const places = lines.map((id) => order.get(id) ?? -1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  }
  const started = (await queue.readEvents({ after: 0 })).filter(({ type }) => type === "AttemptStarted");
  expect(started.map(({ taskId }) => order.get(taskId))).toEqual(Array.from(order.keys(), (_, n) => n));
  await queue.close();
  expect(await checkSqlite({ path })).toEqual([]);
});

test(
  "a commit of another process wakes a watcher at once, and an abort ends it",
  { timeout: 30_000 },
  async () => {
    const queue = await openSqliteQueue({ path, ...options });
    const stop = new AbortController();
    const changes = queue.changes(stop.signal)[Symbol.asyncIterator]();
    expect((await changes.next()).done).toBe(false);
    const child = startDriver(process.execPath, path, "add");
    expect((await changes.next()).done).toBe(false);
    const woken = Date.now();
    const [event] = await queue.readEvents({ after: 0 });
    expect(event?.type).toBe("TaskAdded");
    expect(woken - Date.parse(event?.time ?? "")).toBeLessThan(500);
    await child;
    const last = (async () => {
      while ((await changes.next()).done !== true);
    })();
    stop.abort();
    await last;
    await queue.close();
  },
);
