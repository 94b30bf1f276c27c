import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readServerSentEvents } from "../../packages/shared/src/api/index.ts";
import { claimed, line, newTask, resultOf } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

let api: ApiHarness;
let token: string;
beforeEach(async () => {
  api = await openApiHarness(await openSqliteHarness());
  token = await api.token("admin");
});
afterEach(() => api.dispose());

const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  api.request(path, {
    method: "POST",
    token,
    headers: { "content-type": "application/json", ...headers },
    body,
  });

const hello = { apiVersion: "keruta/v1", kind: "Task", title: "hello", spec: { command: ["true"] } };

describe("a request that is not right", () => {
  test.each([
    ["no JSON", "{", 400, "KRT_USAGE"],
    ["no task", "[]", 400, "KRT_USAGE"],
    [
      "a task with two mistakes",
      JSON.stringify({ ...hello, priority: "high", nope: 1 }),
      422,
      "KRT_TASK_INVALID",
    ],
    [
      "a body that is too large",
      JSON.stringify({ ...hello, title: "x".repeat(9_000_000) }),
      413,
      "KRT_TASK_TOO_LARGE",
    ],
    [
      "a task that is too large",
      JSON.stringify({ ...hello, description: "x".repeat(600_000) }),
      413,
      "KRT_TASK_TOO_LARGE",
    ],
  ])("%s", async (_, body, status, code) => {
    const answer = await post("/api/tasks", body);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    expect([answer.status, error.code]).toEqual([status, code]);
    expect(answer.headers.get("x-request-id")).toBeTruthy();
  });

  test("is answered in the language that it asks for", async () => {
    const answer = await api.request("/api/tasks/zzzzz", {
      token,
      headers: { "accept-language": "fr, ja;q=0.8, en;q=0.5" },
    });
    expect(await answer.text()).toContain("ありません");
  });

  test("to a place that is not there", async () => {
    const answer = await api.request("/api/nothing", { token });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: "KRT_SERVER_NOT_FOUND" } });
  });
});

test("the same Idempotency-Key adds one task", async () => {
  const key = { "idempotency-key": "k1" };
  const first = await post("/api/tasks", JSON.stringify(hello), key);
  const second = await post("/api/tasks", JSON.stringify(hello), key);
  expect([first.status, second.status]).toEqual([201, 200]);
  const [one, other] = [await first.json(), await second.json()] as [{ id: string }, { id: string }];
  expect(one.id).toBe(other.id);
  const conflict = await post("/api/tasks", JSON.stringify({ ...hello, title: "other" }), key);
  expect(conflict.status).toBe(409);
});

describe("a log", () => {
  const prepare = async () => {
    const { queue } = api.store;
    await queue.addTask(newTask());
    const { lease } = await claimed(queue, api.world.holder(1));
    const entries = [
      line(1, "one"),
      line(2, "Disk (full)", { stream: "stderr", level: "ERROR" }),
      line(3, "three"),
    ];
    await queue.appendLog(lease, entries);
    return lease;
  };
  const read = async (taskId: string, query: string, accept: string) =>
    (await api.request(`/api/tasks/${taskId}/log?${query}`, { token, headers: { accept } })).text();

  test("comes as text and as records, filtered on the server", async () => {
    const { taskId } = await prepare();
    expect(await read(taskId, "", "text/plain")).toBe("one\nDisk (full)\nthree\n");
    expect(await read(taskId, "tail=1", "text/plain")).toBe("three\n");
    expect(await read(taskId, "stream=stderr", "text/plain")).toBe("Disk (full)\n");
    expect(await read(taskId, "keyword=DISK%20(", "text/plain")).toBe("Disk (full)\n");
    const wide = encodeURIComponent("ＤＩＳＫ");
    expect(await read(taskId, `keyword=${wide}`, "text/plain")).toBe("Disk (full)\n");
    const records = (await read(taskId, "level=ERROR", "application/x-ndjson")).trim().split("\n");
    expect(records.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      { taskId, sequence: 2, stream: "stderr", level: "ERROR", message: "Disk (full)" },
    ]);
  });

  test("is followed to its end, and goes on after Last-Event-ID", async () => {
    const lease = await prepare();
    const headers = { accept: "text/event-stream", "last-event-id": "2" };
    const answer = await api.request(`/api/tasks/${lease.taskId}/log`, { token, headers });
    const seen: string[] = [];
    if (!answer.body) throw new Error("a stream has a body");
    for await (const { event, id } of readServerSentEvents(answer.body)) {
      seen.push(`${event} ${id ?? "-"}`);
      if (id === "3") await api.store.queue.appendLog(lease, [line(4, "four")]);
      if (id === "4") await api.store.queue.settle(lease, resultOf(), null);
    }
    expect(seen).toEqual(["Log 3", "Log 4", "End -"]);
  });
});

test("events come live, from now or from where a reader was", async () => {
  await api.queue.addTask(newTask({ title: "before" }));
  const headers = { accept: "text/event-stream" };
  const answer = await api.request("/api/events?after=latest", { token, headers });
  if (!answer.body) throw new Error("a stream has a body");
  const events = readServerSentEvents(answer.body);
  const next = events.next();
  const { task } = await api.queue.addTask(newTask({ title: "after" }));
  const { value } = await next;
  expect(value).toMatchObject({ event: "TaskAdded" });
  expect(JSON.parse(value?.data ?? "")).toMatchObject({ taskId: task.id, data: { title: "after" } });
  await events.return(undefined);
  const page = await (
    await api.request(`/api/events?after=${String(Number(value?.id) - 1)}`, { token })
  ).json();
  expect(page).toMatchObject({ items: [{ taskId: task.id }], nextAfter: Number(value?.id) });
});
