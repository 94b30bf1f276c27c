import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi, type MockInstance } from "vitest";
import type { LogEntry } from "../../packages/shared/src/domain/index.ts";
import { patientQueue } from "../../packages/shared/src/queue/index.ts";
import { claimed, line, newTask, textOf } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

const lines = 1000;
const text = "x".repeat(1000);
const types = ["text/plain", "application/x-ndjson", "application/vnd.keruta.frames"];

let api: ApiHarness;
let taskId: string;
/** After how many entries each reading of the log fails; the rest are whole. */
let lengths: number[];
/** A log without an end, and whether its reading has ended. */
let endless: "no" | "read" | "left";

let printed: MockInstance<typeof console.error>;

beforeEach(async () => {
  printed = vi.spyOn(console, "error");
  lengths = [];
  endless = "no";
  const store = await openSqliteHarness();
  const readLog: typeof store.queue.readLog = async function* (query): AsyncGenerator<LogEntry> {
    const most = lengths.shift() ?? Number.POSITIVE_INFINITY;
    let given = 0;
    for await (const entry of store.queue.readLog(query)) {
      if (given === most) throw new Error("the disk went away");
      given += 1;
      yield entry;
    }
    if (endless === "no") return;
    try {
      for (endless = "read"; ; given += 1) yield line(given, text);
    } finally {
      endless = "left";
    }
  };
  api = await openApiHarness({ ...store, queue: { ...store.queue, readLog } });
  await store.queue.addTask(newTask());
  const { lease } = await claimed(store.queue, api.world.holder(1));
  await store.queue.appendLog(
    lease,
    Array.from({ length: lines }, (_, n) => line(n + 1, text)),
  );
  ({ taskId } = lease);
});
afterEach(async () => {
  const told = await api.dispose().then(
    () => undefined,
    (error: unknown) => String(error),
  );
  if (printed.mock.calls.length > 0) throw new Error("more is printed than the server's log");
  if (told?.includes("the disk went away") !== true) throw new Error("the server's log does not say why");
});

/** Over a connection of its own, as whoever knows nothing of keruta sees it. */
async function answerOf(accept: string): Promise<IncomingMessage> {
  const headers = { accept, authorization: `Bearer ${await api.token("viewer")}` };
  const [answer] = await once(get(`${api.url}/api/tasks/${taskId}/log`, { headers }), "response");
  return answer as IncomingMessage;
}

async function read(answer: IncomingMessage, milliseconds = 0): Promise<{ bytes: number; error: unknown }> {
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length;
      if (milliseconds > 0) await pause(milliseconds);
    }
  } catch (error) {
    return { bytes, error };
  }
  return { bytes, error: undefined };
}

describe.each(types)("a log that breaks off, asked for as %s,", (accept) => {
  test.each([70, 140, 300, 999])("after %i lines is no whole answer", async (entries) => {
    lengths = [entries];
    const answer = await answerOf(accept);
    expect(answer.statusCode).toBe(200);
    expect((await read(answer)).error).toMatchObject({ code: "ECONNRESET" });
    expect(answer.complete).toBe(false);
  });
});

test("neither is it for a reader that the server has to wait for", async () => {
  lengths = [999];
  const answer = await answerOf("text/plain");
  const { bytes, error } = await read(answer, 5);
  expect(bytes).toBeLessThan(lines * text.length);
  expect(error).toMatchObject({ code: "ECONNRESET" });
});

test("the client says that it broke off, and who is patient reads it on to its end", async () => {
  lengths = [500];
  const query = { taskId, attempt: 1 };
  await expect(textOf(api.queue, query)).rejects.toMatchObject({
    code: "KRT_SERVER_UNREACHABLE",
    message: expect.stringContaining("broke off") as string,
    details: { transient: true },
  });
  lengths = [500, 100];
  const patient = patientQueue(api.queue, { clock: () => performance.now() });
  expect(await textOf(patient, query)).toBe(`${text}\n`.repeat(lines));
});

test("a reader that goes ends the reading", async () => {
  lengths = [1];
  await answerOf("text/plain");
  endless = "read";
  const answer = await answerOf("text/plain");
  await once(answer, "data");
  answer.destroy();
  await expect.poll(() => endless).toBe("left");
});
