import { afterEach, beforeEach, expect, test } from "vitest";
import { eventStreamType, readServerSentEvents } from "../../packages/shared/src/api/index.ts";
import { claimed, line, newTask, resultOf } from "../../packages/shared/src/queue/queue.harness.ts";
import type { Lease } from "../../packages/shared/src/queue/index.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "../api/api.harness.ts";

let api: ApiHarness;
let lease: Lease;
/** Behind which entry each look at the log began, and how many have ended. */
let looks: number[];
let ended: number;
beforeEach(async () => {
  [looks, ended] = [[], 0];
  const store = await openSqliteHarness();
  const readLog: typeof store.queue.readLog = async function* (query, looked) {
    looks.push(query.afterSequence ?? 0);
    yield* store.queue.readLog(query, looked);
    ended += 1;
  };
  api = await openApiHarness({ ...store, queue: { ...store.queue, readLog } });
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
  expect(await follow("tail=2", { "last-event-id": "5" })).toEqual(
    Array.from({ length: 15 }, (_, n) => n + 6),
  );
});

/** When the look that a commit caused has ended. */
const lookedAgain = async (commit: Promise<unknown>) => {
  const before = ended;
  await commit;
  await expect.poll(() => ended).toBeGreaterThan(before);
};

test.each([
  [2, 1],
  [0, 21],
])("a follower of a tail of %d gets all that comes then, however much at once", async (tail, first) => {
  if (first > 1) await append(1, first - 1);
  const followed = follow(`tail=${String(tail)}`);
  await expect.poll(() => ended).toBeGreaterThan(0);
  await lookedAgain(append(first, first + 19));
  await api.store.queue.settle(lease, resultOf(), null);
  expect(await followed).toEqual(Array.from({ length: 20 }, (_, n) => first + n));
});

test("a follower of what is rare does not look again at what it has looked at", async () => {
  await append(1, 100);
  const followed = follow("keyword=rare");
  await expect.poll(() => ended).toBeGreaterThan(0);
  await lookedAgain(append(101, 200));
  const { queue } = api.store;
  await lookedAgain(queue.appendLog(lease, [line(201, "ra", { newline: false })]));
  await lookedAgain(queue.appendLog(lease, [line(202, "re")]));
  await lookedAgain(queue.settle(lease, resultOf(), null));
  expect(await followed).toEqual([201, 202]);
  // The first comes twice at most: of its own, and of the first hint.
  expect(looks.filter((after) => after === 0).length).toBeLessThan(3);
  expect(looks.filter((after) => ![0, 100, 200, 202].includes(after))).toEqual([]);
  expect(looks.at(-1)).toBe(202);
});
