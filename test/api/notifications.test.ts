import { afterEach, beforeEach, expect, test } from "vitest";
import { claimed, failure, newTask } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

let api: ApiHarness;
beforeEach(async () => {
  api = await openApiHarness(await openSqliteHarness());
});
afterEach(() => api.dispose());

const json = async <T>(path: string, init: Parameters<ApiHarness["request"]>[1] = {}) => {
  const answer = await api.request(path, init);
  return { status: answer.status, body: (await answer.json()) as T };
};
const testing = async (token: string, body: unknown) =>
  await json<{ items: unknown; error: { code: string } }>("/api/notifications/test", {
    method: "POST",
    token,
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", "accept-language": "ja" },
  });

test("messages are listed newest first, with their state, a page at a time", async () => {
  const { queue, notify, world } = api.store;
  await notify.setWatch({ log: null, failed: true, deadline: false });
  for (const title of ["a", "b", "c"]) {
    await queue.addTask(newTask({ title }));
    const { lease } = await claimed(queue, world.holder(1));
    await queue.settle(lease, failure, null);
    const task = { id: lease.taskId, title, labels: {}, namespace: null, status: "FAILED" } as const;
    await notify.takeNotices(lease.taskId, () => [
      {
        channel: "slack",
        message: { tasks: [task], events: [], heldBack: title === "b" ? 2 : 0, omitted: 0 },
      },
    ]);
  }
  const terms = { rateLimit: 9, rateWindow: 1000, leaseMilliseconds: 1000 };
  const { delivery } = await notify.claimDelivery("slack", terms);
  if (!delivery) throw new Error("nothing to send");
  await notify.recordOutcome(delivery, { state: "failed", detail: { en: "no", ja: "いいえ" } });
  const token = await api.token("viewer");
  const headers = { "accept-language": "ja" };
  const first = await json<{ items: readonly { seq: number }[] }>("/api/notifications?limit=2", {
    token,
    headers,
  });
  expect(first.body.items).toMatchObject([
    { channel: "slack", state: "waiting", tries: 0, endedAt: null, detail: null },
    { subject: "[keruta] 通知 2 件のまとめ" },
  ]);
  const before = String(first.body.items[1]?.seq);
  const rest = await json(`/api/notifications?before=${before}`, { token, headers });
  expect(rest.body).toMatchObject({
    items: [{ state: "failed", detail: "いいえ", nextTryAt: null, tries: 1 }],
  });
  expect((await json("/api/notifications?state=sent", { token })).body).toEqual({ items: [] });
  expect((await json("/api/notifications?state=lost", { token })).status).toBe(400);
});

test("who is bound to namespaces sees no messages, which are of all of them", async () => {
  const token = await api.token("viewer", { namespaces: ["a"] });
  expect((await json("/api/notifications", { token })).status).toBe(403);
});

test("a test is for administrators, tells what each channel said, is audited and cannot be repeated without end", async () => {
  const operator = await api.token("operator", { name: "operator" });
  expect((await testing(operator, {})).status).toBe(403);
  const admin = await api.token("admin");
  expect((await testing(admin, { channels: [] })).status).toBe(400);
  expect((await testing(admin, { to: "x" })).status).toBe(400);
  expect(await testing(admin, { channels: ["slack"] })).toEqual({
    status: 200,
    body: { items: [{ channel: "slack", ok: false, detail: "試験用" }] },
  });
  const audit = await json<{ items: readonly unknown[] }>("/api/audit", { token: admin });
  expect(audit.body.items[0]).toMatchObject({
    action: "notification.test",
    target: "slack",
    details: { outcomes: { slack: false } },
  });
  const statuses = [];
  for (let n = 0; n < 5; n += 1) statuses.push((await testing(admin, {})).status);
  expect(statuses).toEqual([200, 200, 200, 200, 429]);
});
