import { afterEach, beforeEach, expect, test } from "vitest";
import { eventStreamType, readServerSentEvents } from "../../packages/shared/src/api/index.ts";
import type { Event } from "../../packages/shared/src/domain/index.ts";
import { newTask } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

let api: ApiHarness;
/** Where each reading of events began. */
let begins: number[];

beforeEach(async () => {
  begins = [];
  const store = await openSqliteHarness();
  const readEvents: typeof store.queue.readEvents = (filter) => {
    begins.push(filter.after);
    return store.queue.readEvents(filter);
  };
  api = await openApiHarness({ ...store, queue: { ...store.queue, readEvents } });
});
afterEach(() => api.dispose());

const add = async (namespace: string) =>
  (await api.store.queue.addTask(newTask({ spec: { command: ["x"], namespace } }))).task.id;
const bound = () => api.token("viewer", { name: "bound", namespaces: ["a"] });

test("a reader that is bound to a namespace goes on behind the events of others", async () => {
  const token = await bound();
  const page = async (after: number) => {
    const answer = await api.request(`/api/events?after=${String(after)}`, { token });
    return (await answer.json()) as { items: { taskId: string }[]; nextAfter: number };
  };
  const own = await add("a");
  for (let n = 0; n < 5; n += 1) await add("b");
  const last = await api.store.queue.lastEventSeq();
  const first = await page(0);
  expect(first).toMatchObject({ items: [{ taskId: own }], nextAfter: last });
  expect(await page(last)).toEqual({ items: [], nextAfter: last });
  const next = await add("a");
  expect(await page(last)).toMatchObject({ items: [{ taskId: next }], nextAfter: last + 1 });
});

test("a full page is followed by the events behind it", async () => {
  const { queue } = api.store;
  const { task } = await queue.addTask(newTask({ spec: { command: ["x"], namespace: "a" } }));
  for (let n = 1; n <= 1000; n += 1) await queue.updateTask(task.id, { priority: n });
  const answer = await api.request("/api/events", { token: await bound() });
  const { items, nextAfter } = (await answer.json()) as { items: { seq: number }[]; nextAfter: number };
  expect([items.length, nextAfter]).toEqual([1000, items.at(-1)?.seq]);
  expect(await queue.lastEventSeq()).toBe(nextAfter + 1);
});

test("a stream that is bound to a namespace does not read again what others did, and loses nothing", async () => {
  const headers = { accept: eventStreamType };
  const answer = await api.request("/api/events?after=0", { token: await bound(), headers });
  if (!answer.body) throw new Error("a stream has a body");
  const events = readServerSentEvents(answer.body);
  const othersUntilReadOn = async () => {
    const last = await api.store.queue.lastEventSeq();
    const readOn = async () => {
      await add("b");
      return begins.at(-1);
    };
    await expect.poll(readOn, { timeout: 5000 }).toBeGreaterThan(last);
  };
  for (let n = 0; n < 3; n += 1) {
    await othersUntilReadOn();
    const own = [await add("a"), await add("a")];
    const heard = [await events.next(), await events.next()].map(({ value }) => value?.data ?? "");
    expect(heard.map((data) => (JSON.parse(data) as Event).taskId)).toEqual(own);
  }
  await events.return(undefined);
});
