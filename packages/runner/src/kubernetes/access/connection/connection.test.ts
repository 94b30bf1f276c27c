import { afterEach, beforeEach, expect, test } from "vitest";
import {
  anonymous,
  clusterAt,
  connectTo,
  createTestDeps,
  failureOf,
  readAll,
  type TestDeps,
} from "../access.harness.ts";
import { json, resets, startFakeApiServer, status, type FakeApiServer } from "../fake-api-server.ts";
import { startProxy } from "../proxy.harness.ts";
import { createConnection, type Connection } from "./connection.ts";

let server: FakeApiServer;
let deps: TestDeps;
let connection: Connection;

beforeEach(async () => {
  server = await startFakeApiServer();
  deps = createTestDeps(50);
  connection = connectTo(server.url, deps);
});

afterEach(async () => {
  await connection.close();
  await server[Symbol.asyncDispose]();
  server.verify();
  deps.verify();
});

const ask = { operation: "get version", method: "GET", path: "/version" } as const;
const busy = json(status(429, "TooManyRequests", "busy"), 429, { "retry-after": "5" });

test("a request that is too much is sent again when the server says, and each sending is counted", async () => {
  server.script("GET /version", busy, busy, json({ ok: true }));
  const before = performance.now();
  expect(await connection.send(ask)).toEqual({ ok: true });
  expect(performance.now() - before).toBeGreaterThan(190);
  expect(connection.requests.get("get version")).toBe(3);
});

test("a server that stays busy is told as out of reach", async () => {
  server.script("GET /version", ...Array.from({ length: 6 }, () => busy));
  expect(await failureOf(connection.send(ask))).toMatchObject({
    code: "KRT_CLUSTER_UNREACHABLE",
    details: { status: 429, retryAfterMs: 5000 },
  });
});

test("a GET on a connection that was just closed is sent once more, a POST is not", async () => {
  const drops = (_: unknown, response: Parameters<typeof resets>[0]) => resets(response);
  server.script("GET /version", drops, json({ ok: true }), drops, drops);
  server.script("POST /version", drops);
  expect(await connection.send(ask)).toEqual({ ok: true });
  const unreachable = { code: "KRT_CLUSTER_UNREACHABLE" };
  expect(await failureOf(connection.send(ask))).toMatchObject(unreachable);
  expect(await failureOf(connection.send({ ...ask, method: "POST" }))).toMatchObject(unreachable);
});

test("nobody at that address, and no such name", async () => {
  await server.goAway();
  expect(await failureOf(connection.send(ask))).toMatchObject({ code: "KRT_CLUSTER_UNREACHABLE" });
  const nowhere = connectTo("https://no-such-host.invalid", deps);
  expect(await failureOf(nowhere.send(ask))).toMatchObject({ code: "KRT_CLUSTER_UNREACHABLE" });
  await nowhere.close();
});

test("an answer that is no JSON, and words that are not Kubernetes' own", async () => {
  server.script("GET /version", (_, response) => void response.end("<html>"));
  expect(await failureOf(connection.send(ask))).toMatchObject({ code: "KRT_CLUSTER_UNREACHABLE" });
  server.script(
    "GET /version",
    (_, response) => void response.writeHead(502).end("<html>bad gateway</html>"),
  );
  expect(String(await failureOf(connection.send(ask)))).toContain("bad gateway");
});

test("the signal ends a request that waits for its turn, with its own reason", async () => {
  const end = new AbortController();
  server.script("GET /version", (request, response, url) => {
    busy(request, response, url);
    setTimeout(() => end.abort(new Error("enough")), 20);
  });
  expect(await failureOf(connection.send({ ...ask, signal: end.signal }))).toMatchObject({
    message: "enough",
  });
});

test("a log that is cut is told from one that has ended", async () => {
  const cluster = clusterAt(server.url, deps);
  const options = { pod: "p", container: "c", follow: true };
  server.script(
    "GET /log",
    (_, response) => void response.end("all of it\n"),
    (_, response) => void response.write("half", () => resets(response)),
  );
  expect(await readAll(cluster.readLog(options))).toBe("all of it\n");
  expect(await failureOf(readAll(cluster.readLog(options)))).toMatchObject({ code: "KRT_CLUSTER_CUT" });
  await cluster.close();
});

test.each([
  ["unable to retrieve container logs for containerd://c8", "KRT_CLUSTER_UNREACHABLE", 503],
  [
    'failed to try resolving symlinks in path "/x/0.log": lstat /x/0.log: no such file or directory',
    "KRT_CLUSTER_REFUSED",
    404,
  ],
  ['rpc error: code = Unavailable desc = "transport is closing"', "KRT_CLUSTER_UNREACHABLE", 503],
])("what a kubelet says instead of a log is none: %s", async (words, code, httpStatus) => {
  const cluster = clusterAt(server.url, deps);
  const line = `2026-11-26T13:40:12.232893641Z ${words}\n`;
  const options = { pod: "p", container: "main", timestamps: true };
  for (const sinceTime of [undefined, "2026-11-26T13:40:12Z"]) {
    server.script("GET /log", (_, response) => void response.end(words));
    const asked = { ...options, ...(sinceTime !== undefined && { sinceTime }) };
    expect(await failureOf(readAll(cluster.readLog(asked)))).toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
      details: { status: httpStatus },
    });
  }
  server.script("GET /log", (_, response) => void response.end(line));
  expect(await readAll(cluster.readLog(options))).toBe(line);
  await cluster.close();
});

test.each([
  "the rest of a line that began before\n2026-11-26T13:40:12.232893641Z next\n",
  "rest",
  "failed to open log file\n",
  'failed to open log file "/x"\n2026-11-26T13:40:12.232893641Z next\n',
  `${"x".repeat(10_000)}\n`,
])("a log from a time on may begin with any text: %j", async (text) => {
  const cluster = clusterAt(server.url, deps);
  server.script("GET /log", (_, response) => {
    response.write(text.slice(0, 3));
    setImmediate(() => response.end(text.slice(3)));
  });
  const sinceTime = "2026-11-26T13:40:12Z";
  const options = { pod: "p", container: "main", timestamps: true, sinceTime };
  expect(await readAll(cluster.readLog(options))).toBe(text);
  await cluster.close();
});

test("requests go through tunnels of the proxy", async () => {
  await using proxy = await startProxy();
  const proxied = createConnection({ ...connection.route, proxy: proxy.url }, anonymous, deps);
  server.script("GET /version", ...Array.from({ length: 9 }, () => json({ ok: true })));
  for (let n = 0; n < 9; n++) expect(await proxied.send(ask)).toEqual({ ok: true });
  expect(new Set(proxy.asked)).toEqual(new Set([new URL(server.url).host]));
  // They are kept: the pool may open a second one, but not one for each request.
  expect(proxy.asked.length).toBeLessThan(4);
  await proxied.close();
});

const no = json(status(403, "Forbidden", "no"), 403);
const notReady = json(status(403, "Forbidden", "no roles yet"), 403);
const readyz = () => server.seen.filter((line) => line === "GET /readyz").length;

test("what a server refuses that has just started is asked again until it knows its roles", async () => {
  server.script("GET /version", no, no, no, json({ ok: true }));
  server.script("GET /readyz", notReady, notReady);
  expect(await connection.send(ask)).toEqual({ ok: true });
  expect(readyz()).toBe(3);
});

test("what a server refuses that is ready is forbidden, when it has said so twice", async () => {
  server.script("GET /version", no, no);
  expect(await failureOf(connection.send(ask))).toMatchObject({ code: "KRT_CLUSTER_FORBIDDEN" });
  expect(readyz()).toBe(1);
});

test("a server that never says that it is ready is believed after a while, and from then on at once", async () => {
  server.script("GET /version", ...Array.from({ length: 12 }, () => no));
  server.script("GET /readyz", ...Array.from({ length: 11 }, () => notReady));
  expect(await failureOf(connection.send(ask))).toMatchObject({ code: "KRT_CLUSTER_FORBIDDEN" });
  expect(await failureOf(connection.send(ask))).toMatchObject({ code: "KRT_CLUSTER_FORBIDDEN" });
});
