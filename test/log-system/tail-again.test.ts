import { afterEach, beforeEach, expect, test } from "vitest";
import { eventStreamType, readServerSentEvents } from "../../packages/shared/src/api/index.ts";
import { claimed, line, newTask, resultOf } from "../../packages/shared/src/queue/queue.harness.ts";
import type { Lease } from "../../packages/shared/src/queue/index.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "../api/api.harness.ts";

let api: ApiHarness;
let lease: Lease;
beforeEach(async () => {
  api = await openApiHarness(await openSqliteHarness());
  await api.store.queue.addTask(newTask());
  ({ lease } = await claimed(api.store.queue, api.world.holder(1)));
});
afterEach(() => api.dispose());

const append = (from: number, to: number, word = "x") =>
  api.store.queue.appendLog(
    lease,
    Array.from({ length: to - from + 1 }, (_, n) => line(from + n, `${word} ${String(from + n)}`)),
  );

/** A follower whose first word has come, and the ids of all events that it gets until the attempt has ended. */
async function follow(query: string, headers: Record<string, string> = {}) {
  const answer = await api.request(`/api/tasks/${lease.taskId}/log?${query}`, {
    token: await api.token("viewer", { name: `viewer${query}` }),
    headers: { accept: eventStreamType, ...headers },
  });
  const { body } = answer;
  if (!body) throw new Error("a stream has a body");
  const read = async () => {
    const ids: number[] = [];
    for await (const { event, id } of readServerSentEvents(body)) if (event === "Log") ids.push(Number(id));
    return ids;
  };
  return read();
}

test("a follower of a tail that comes again gets all since its last event", async () => {
  await append(1, 20);
  await api.store.queue.settle(lease, resultOf(), null);
  expect(await follow("tail=2")).toEqual([19, 20]);
  expect(await follow("tail=2", { "last-event-id": "5" })).toEqual(Array.from({ length: 15 }, (_, n) => n + 6));
});
