import { afterEach, beforeEach, expect, test } from "vitest";
import { eventStreamType } from "../../packages/shared/src/api/index.ts";
import { claimed, newTask } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

let api: ApiHarness;
/** How many listen for changes of the queue at the moment, the client's own apart. */
let listening: number;

beforeEach(async () => {
  listening = 0;
  const store = await openSqliteHarness();
  const changes: typeof store.queue.changes = async function* (signal) {
    listening += 1;
    try {
      yield* store.queue.changes(signal);
    } finally {
      listening -= 1;
    }
  };
  api = await openApiHarness({ ...store, queue: { ...store.queue, changes } });
});
afterEach(() => api.dispose());

test("the head of a stream is asked for without a stream, and a stream ends with its reader", async () => {
  await api.store.queue.addTask(newTask());
  const { task } = await claimed(api.store.queue, api.world.holder(1));
  const token = await api.token("viewer", { name: "viewer" });
  const headers = { accept: eventStreamType };
  for (const path of ["/api/events", "/api/events/hints", `/api/tasks/${task.id}/log`]) {
    const head = await api.request(path, { method: "HEAD", token, headers });
    expect([path, head.status, head.headers.get("content-type")]).toEqual([path, 200, eventStreamType]);
    expect([path, listening]).toEqual([path, 0]);
    const reader = new AbortController();
    const answer = await api.request(path, { token, headers, signal: reader.signal });
    expect(answer.headers.get("content-type")).toBe(eventStreamType);
    await expect.poll(() => listening).toBe(1);
    reader.abort();
    await expect.poll(() => listening).toBe(0);
  }
});
