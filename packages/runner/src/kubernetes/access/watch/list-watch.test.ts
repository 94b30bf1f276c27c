import { afterEach, beforeEach, expect, test } from "vitest";
import type { Change, Cluster } from "../../../cluster/cluster.ts";
import type { Pod } from "../../../cluster/objects.ts";
import { clusterAt, createTestDeps, failureOf, type TestDeps } from "../access.harness.ts";
import {
  closes,
  json,
  listing,
  pod,
  resets,
  startFakeApiServer,
  status,
  staysSilent,
  stopsInsideALine,
  watching,
  type Answer,
  type FakeApiServer,
} from "../fake-api-server.ts";

let server: FakeApiServer;
let deps: TestDeps;
let cluster: Cluster;
let end: AbortController;

beforeEach(async () => {
  server = await startFakeApiServer();
  deps = createTestDeps(50);
  cluster = clusterAt(server.url, deps);
  end = new AbortController();
});

afterEach(async () => {
  end.abort();
  await cluster.close();
  await server[Symbol.asyncDispose]();
  server.verify();
  deps.verify();
});

const added = (name: string) => ({ type: "ADDED", object: pod(name) });
const gone410 = status(410, "Expired", "too old resource version: 1 (9)");

/** Reads that many changes, then ends the watch; the names in each, or its type where it has none. */
async function read(count: number): Promise<string[]> {
  const said: string[] = [];
  for await (const change of cluster.watch("pods", { labelSelector: "a=b" }, end.signal)) {
    said.push(wordsOf(change));
    if (said.length === count) end.abort();
  }
  return said;
}

function wordsOf(change: Change<Pod>): string {
  if (change.type === "interrupted") return `interrupted ${change.error.code}`;
  const names = change.type === "snapshot" ? change.items.map(nameOf) : [nameOf(change.object)];
  return [change.type, ...names].join(" ");
}

const nameOf = (object: Pod) => object.metadata.name;

test("first what there is, then what changes, from the list's version on", async () => {
  server.script("list", listing("7", "one"));
  const changed = { type: "MODIFIED", object: pod("two") };
  const deleted = { type: "DELETED", object: pod("two") };
  server.script("watch", watching([added("two"), changed, deleted], staysSilent));
  expect(await read(4)).toEqual(["snapshot one", "added two", "modified two", "deleted two"]);
  expect(server.seen[1]).toContain("resourceVersion=7&");
  expect(server.seen[1]).toContain("labelSelector=a%3Db&");
});

test("bookmarks are heard and not passed on", async () => {
  server.script("list", listing("7"));
  const bookmark = { type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } };
  server.script("watch", watching([bookmark, added("one")], staysSilent));
  expect(await read(2)).toEqual(["snapshot", "added one"]);
});

test.each([
  ["a clean close", watching([added("one")], closes)],
  ["half a line", watching([added("one")], stopsInsideALine)],
  ["a reset", watching([added("one")], resets)],
  ["silence", watching([added("one")], staysSilent)],
  ["410 in mid-stream", watching([added("one"), { type: "ERROR", object: gone410 }], staysSilent)],
  [
    "a line that is no JSON",
    watching([added("one")], (response) => void response.write("<html>proxy error</html>\n")),
  ],
])("%s ends in a new list, and the watch goes on", async (_, ending) => {
  server.script("list", listing("1"), listing("5", "one", "two"));
  server.script("watch", ending, watching([added("three")], staysSilent));
  expect(await read(4)).toEqual(["snapshot", "added one", "snapshot one two", "added three"]);
  expect(server.seen[3]).toContain("resourceVersion=5&");
});

test("410 at connect ends in a new list", async () => {
  server.script("list", listing("1"), listing("5", "one"));
  server.script("watch", json(gone410, 410), watching([added("two")], staysSilent));
  expect(await read(3)).toEqual(["snapshot", "snapshot one", "added two"]);
});

test("a list of many pages is one snapshot, and one that expires in between begins again", async () => {
  const page = (name: string, next: string) =>
    json({ metadata: { resourceVersion: "3", continue: next }, items: [pod(name)] });
  server.script("list", page("a", "x"), json(gone410, 410), page("a", "y"), page("b", ""));
  expect(await read(1)).toEqual(["snapshot a b"]);
  expect(server.seen[3]).toContain("continue=y");
});

test("a list goes on at the page that was cut, and begins again where that is cut once more", async () => {
  const page = (name: string, next: string) =>
    json({ metadata: { resourceVersion: "3", continue: next }, items: [pod(name)] });
  // A request is sent again once of itself.
  const isCut: Answer = (_, response) => resets(response);
  const cut = [isCut, isCut];
  server.script("list", page("a", "x"), ...cut, page("b", "y"), ...cut, page("c", ""));
  expect(await read(1)).toEqual(["snapshot a b c"]);

  end = new AbortController();
  server.script("list", page("a", "x"), ...cut, ...cut, page("d", ""));
  expect(await read(2)).toEqual(["interrupted KRT_CLUSTER_UNREACHABLE", "snapshot d"]);
});

test("of an object only what drivers read is kept, and of events only the wanted ones, page by page", async () => {
  const whole = {
    metadata: { name: "j", uid: "1", annotations: { k: "v" }, managedFields: [{ manager: "m" }] },
    spec: { template: { spec: { containers: [] } } },
    status: { active: 1 },
  };
  const kept = { metadata: { name: "j", uid: "1", annotations: { k: "v" } }, status: { active: 1 } };
  const event = (name: string) => ({
    metadata: { name, uid: name, managedFields: [{}] },
    involvedObject: { kind: "Job", name },
    reason: "Started",
    reportingComponent: "x",
  });
  const page = (items: readonly object[], next: string) =>
    json({ metadata: { resourceVersion: "1", continue: next }, items });
  const change = (object: object) => ({ type: "MODIFIED", object });
  server.script("list", page([whole], ""));
  server.script("watch", watching([change(whole)], staysSilent));
  const jobs = cluster.watch("jobs", {}, end.signal)[Symbol.asyncIterator]();
  expect((await jobs.next()).value).toEqual({ type: "snapshot", items: [kept] });
  expect((await jobs.next()).value).toEqual({ type: "modified", object: kept });

  server.script("list", page([event("other"), event("keruta-a")], "x"), page([event("other")], ""));
  server.script("watch", watching([change(event("other")), change(event("keruta-b"))], staysSilent));
  const events = cluster.watch("events", { objectNamePrefix: "keruta-" }, end.signal)[Symbol.asyncIterator]();
  const keptEvent = (name: string) => ({
    metadata: { name, uid: name },
    involvedObject: { kind: "Job", name },
    reason: "Started",
  });
  expect((await events.next()).value).toEqual({ type: "snapshot", items: [keptEvent("keruta-a")] });
  expect((await events.next()).value).toEqual({ type: "modified", object: keptEvent("keruta-b") });
});

test("429 is tried again after the time the server asks for", async () => {
  const busy = status(429, "TooManyRequests", "too many requests");
  server.script("list", json(busy, 429, { "retry-after": "10" }), listing("1", "one"));
  const before = performance.now();
  expect(await read(1)).toEqual(["snapshot one"]);
  // Ten seconds, at fifty times the speed.
  expect(performance.now() - before).toBeGreaterThan(195);
});

test("a watch refused with 429 waits as long as well", async () => {
  const busy = status(429, "TooManyRequests", "too many requests");
  server.script("list", listing("1"), listing("2"));
  server.script("watch", json(busy, 429, { "retry-after": "10" }));
  const before = performance.now();
  expect(await read(2)).toEqual(["snapshot", "snapshot"]);
  expect(performance.now() - before).toBeGreaterThan(195);
});

test("a 5xx is told once and overcome", async () => {
  const failure = json(status(503, "ServiceUnavailable", "starting"), 503);
  server.script("list", failure, failure, failure, listing("1", "one"));
  expect(await read(2)).toEqual(["interrupted KRT_CLUSTER_UNREACHABLE", "snapshot one"]);
});

test("a server that is away comes back into the same watch", async () => {
  server.script("list", listing("1", "one"));
  let goneAway: Promise<void> | undefined;
  server.script(
    "watch",
    watching([added("two")], () => {
      const leave = () => {
        goneAway = server.goAway();
      };
      setImmediate(() => setImmediate(leave));
    }),
  );
  const said: string[] = [];
  for await (const change of cluster.watch("pods", {}, end.signal)) {
    said.push(wordsOf(change));
    if (change.type === "interrupted") {
      server.script("list", listing("9", "three"));
      await goneAway;
      await server.comeBack();
    }
    if (said.length === 4) end.abort();
  }
  expect(said).toEqual([
    "snapshot one",
    "added two",
    "interrupted KRT_CLUSTER_UNREACHABLE",
    "snapshot three",
  ]);
});

test("watches that end at once become no storm", async () => {
  server.script("list", ...Array.from({ length: 6 }, () => listing("1")));
  server.script("watch", ...Array.from({ length: 5 }, () => watching([], closes)));
  const before = performance.now();
  await read(6);
  // 0.75 × (0.25 + 0.5 + 1 + 2 + 4 s), at fifty times the speed.
  expect(performance.now() - before).toBeGreaterThan(110);
});

test.each([
  [401, "KRT_CLUSTER_UNAUTHORIZED"],
  [403, "KRT_CLUSTER_FORBIDDEN"],
  [404, "KRT_CLUSTER_REFUSED"],
])("%i cannot heal and is thrown", async (code, expected) => {
  const no = json(status(code, "x", "no"), code);
  // What is forbidden is asked once more.
  server.script("list", ...(code === 403 ? [no, no] : [no]));
  expect(await failureOf(read(1))).toMatchObject({ code: expected });
});

test("an ERROR line that cannot heal is thrown", async () => {
  server.script("list", listing("1"));
  server.script("watch", watching([{ type: "ERROR", object: status(403, "Forbidden", "no") }], closes));
  expect(await failureOf(read(2))).toMatchObject({ code: "KRT_CLUSTER_FORBIDDEN" });
});

test("the signal ends a silent watch, a wait and a watch that was never begun", async () => {
  server.script("list", listing("1"));
  server.script("watch", (_, response) => {
    response.writeHead(200).flushHeaders();
    end.abort();
  });
  expect(await read(2)).toEqual(["snapshot"]);
  expect(await read(1)).toEqual([]);
});
