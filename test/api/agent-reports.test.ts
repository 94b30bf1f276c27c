import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { framesType, leaseHeader } from "../../packages/shared/src/api/index.ts";
import { encodeFrame } from "../../packages/shared/src/domain/index.ts";
import type { Claim } from "../../packages/shared/src/queue/index.ts";
import { claimed, line, newTask, resultOf, textOf } from "../../packages/shared/src/queue/queue.harness.ts";
import { reportOf } from "../../packages/shared/src/queue/reports.suite.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

let api: ApiHarness;
let claim: Claim;
let token: string;
let id: string;
beforeEach(async () => {
  api = await openApiHarness(await openSqliteHarness());
  await api.queue.addTask(newTask({ title: "first" }));
  await api.queue.addTask(newTask({ title: "second" }));
  claim = await claimed(api.queue, api.world.holder(1));
  await claimed(api.queue, api.world.holder(2));
  token = await api.queue.makeAgentToken(claim.lease);
  id = claim.task.id;
});
afterEach(() => api.dispose());

const of = (rest: string, task = id, attempt = "1") => `/api/tasks/${task}/attempts/${attempt}/${rest}`;
const post = (path: string, json: unknown, secret = token) =>
  api.request(path, {
    method: "POST",
    token: secret,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(json),
  });
const postLog = (...entries: ReturnType<typeof line>[]) =>
  api.request(of("log"), {
    method: "POST",
    token,
    headers: { "content-type": framesType },
    body: Buffer.concat(entries.map(encodeFrame)),
  });
const codeOf = async (answer: Response) =>
  ((await answer.json()) as { error: { code: string; details: object } }).error;

describe("an agent's token", () => {
  test("reports start, progress, log and result, which its driver then has", async () => {
    expect((await post(of("start"), { startedAt: "2026-01-01T00:00:00.000Z" })).status).toBe(204);
    expect((await post(of("heartbeat"), {})).status).toBe(204);
    expect((await post(of("progress"), { percent: 5, message: "x", sequence: 1 })).status).toBe(204);
    expect(await (await postLog(line(1, "ERROR: no"), line(2, "b"))).json()).toMatchObject({ sequence: 2 });
    const hole = await postLog(line(7, "z"));
    expect([hole.status, await codeOf(hole)]).toMatchObject([
      409,
      { code: "KRT_LOG_POSITION", details: { sequence: 2 } },
    ]);
    expect((await post(of("result"), reportOf(id))).status).toBe(204);

    const told = await api.queue.attemptReport(id, 1);
    expect(told?.result).toEqual(reportOf(id));
    expect((await api.queue.getTask(id))?.progress.percent).toBe(5);
    expect(await textOf(api.queue, { taskId: id, attempt: 1 })).toBe("ERROR: no\nb\n");
    // The level is the server's to find.
    expect(await textOf(api.queue, { taskId: id, attempt: 1, level: "ERROR" })).toBe("ERROR: no\n");
    const task = await api.request(of("task"), { token });
    expect(await task.json()).toMatchObject({ id, title: "first", spec: { command: ["true"] } });
  });

  test("no report is taken that is too large, of another task or of a kind that is not an agent's", async () => {
    const long = await post(of("result"), reportOf(id, { message: "x".repeat(2000) }));
    expect([long.status, (await codeOf(long)).code]).toEqual([400, "KRT_USAGE"]);
    expect((await post(of("result"), reportOf("another"))).status).toBe(400);
    const gap = { kind: "gap", sequence: 1, lastSequence: 9, time: 1, why: "x" } as const;
    const frame = encodeFrame({ ...gap, reason: "unknown", stdoutBytes: null, stderrBytes: null });
    const init = { method: "POST", token, headers: { "content-type": framesType } };
    expect((await api.request(of("log"), { ...init, body: frame as Uint8Array<ArrayBuffer> })).status).toBe(
      400,
    );
  });

  test("is worth nothing elsewhere: every route of the API, and every other attempt", async () => {
    const document = (await (await api.request("/api/openapi.json")).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
    );
    const reporting =
      /^\/api\/tasks\/\{id\}\/attempts\/\{n\}\/(task|start|heartbeat|progress|log|result|artifacts)$/;
    expect(routes.length).toBeGreaterThan(40);
    expect(routes.filter(({ path }) => reporting.test(path))).toHaveLength(9);
    const other = (await api.queue.listTasks({})).items.find((task) => task.id !== id)?.id ?? "";
    const tried: unknown[] = [];
    for (const { method, path } of routes) {
      const isReporting = reporting.test(path);
      const at = path
        .replace("{id}", path.includes("/claims/") ? `${id}-1` : isReporting ? other : id)
        .replaceAll("{n}", "1")
        .replaceAll(/\{\w+\}/g, "x");
      const headers = { [leaseHeader]: claim.lease.token, "content-type": "application/json" };
      const body = method === "GET" ? null : "{}";
      const { status } = await api.request(at, { method, token, headers, body });
      if (status !== 403) tried.push(`${method} ${path}: ${String(status)}`);
    }
    // Login and one's own password want a password; a token has no session; who calls is told who it is.
    // Whether nobody has an account yet is told to strangers too.
    expect(tried).toEqual([
      "GET /api/setup: 200",
      "POST /api/sessions: 400",
      "PUT /api/users/me/password: 400",
      "GET /api/sessions/current: 200",
      "DELETE /api/sessions/current: 401",
    ]);
    for (const place of [of("heartbeat", id, "2"), of("heartbeat", "nosuch"), of("heartbeat", id, "01")]) {
      expect((await post(place, {})).status).toBe(403);
    }
    expect((await post(of("heartbeat"), {})).status).toBe(204);
  });

  test("is worth nothing when its attempt is settled", async () => {
    await api.queue.settle(claim.lease, resultOf(), null);
    const answers = [
      await post(of("heartbeat"), {}),
      await post(of("result"), reportOf(id)),
      await postLog(line(1, "late")),
      await api.request(of("task"), { token }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(await api.queue.attemptReport(id, 1)).toBeNull();
    expect(await textOf(api.queue, { taskId: id, attempt: 1 })).toBe("");
  });
});

describe("a token that agents trade", () => {
  test("gives that of the attempt it names, once it is used no other, and can do nothing else", async () => {
    const shared = await api.token("agent");
    const answer = await post(of("token"), {}, shared);
    expect(answer.status).toBe(201);
    const traded = (await answer.json()) as { token: string };
    expect((await post(of("heartbeat"), {}, token)).status).toBe(401);
    expect((await post(of("heartbeat"), {}, traded.token)).status).toBe(204);
    const again = await post(of("token"), {}, shared);
    expect([again.status, (await codeOf(again)).code]).toEqual([409, "KRT_STATUS_CONFLICT"]);
    for (const rest of ["heartbeat", "result", "start"]) {
      expect((await post(of(rest), {}, shared)).status).toBe(403);
    }
    expect((await api.request(`/api/tasks/${id}`, { token: shared })).status).toBe(403);
    expect((await post(of("token", "nosuch"), {}, shared)).status).toBe(404);
    expect((await post(of("token"), {}, traded.token)).status).toBe(403);
    expect((await post(of("token"), {}, await api.token("admin"))).status).toBe(403);
  });

  test("is bound to namespaces like any other", async () => {
    const bound = await api.token("agent", { namespaces: ["elsewhere"] });
    expect((await post(of("token"), {}, bound)).status).toBe(404);
  });
});
