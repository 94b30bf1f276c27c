/** What the fake API server imitates is what the real one does: the same questions, the same shapes. */
import { expect, test } from "vitest";
import { connectTo, createTestDeps, failureOf } from "./access.harness.ts";
import type { Connection } from "./connection/connection.ts";
import { closes, json, listing, pod, startFakeApiServer, status, watching } from "./fake-api-server.ts";
import { describeReal } from "./real-cluster.harness.ts";
import { readJsonLines } from "./watch/json-lines.ts";

const ask = { operation: "ask", method: "GET" } as const;

/** The keys of an answer, to the depth that keruta reads. */
function shapeOf(value: unknown): object {
  const { kind, items, metadata } = value as { kind: string; items: object[]; metadata: object };
  const [first] = items as { metadata: object }[];
  const hasName = first !== undefined && "name" in first.metadata && "uid" in first.metadata;
  return { kind, hasVersion: "resourceVersion" in metadata, hasName };
}

async function linesOf(connection: Connection, path: string, query: object): Promise<object[]> {
  const lines: object[] = [];
  const body = await connection.open({ ...ask, path, query: { watch: true, ...query } });
  for await (const line of readJsonLines(body)) lines.push(line as object);
  return lines;
}

describeReal("the fake API server", (current) => {
  test("lists, watch lines, 410s, refusals and a clean close are alike", async () => {
    const real = current();
    const path = `/api/v1/namespaces/${real.cluster.namespace}/pods`;
    await using server = await startFakeApiServer();
    const fake = connectTo(server.url, createTestDeps());
    const expired = status(410, "Expired", "too old resource version: 1 (9)");
    const added = { type: "ADDED", object: pod("quiet") };
    server.script(
      "list",
      listing("7", "quiet"),
      json(status(404, "NotFound", "no"), 404),
      json(expired, 410),
    );
    server.script("watch", watching([added], closes), watching([{ type: "ERROR", object: expired }], closes));

    const of = async (connection: Connection) => {
      const list = shapeOf(await connection.send({ ...ask, path }));
      const missing = await failureOf(connection.send({ ...ask, path: `${path}/nobody` }));
      const page = { ...ask, path, query: { limit: 1, continue: expiredPage } };
      const old = await failureOf(connection.send(page));
      // Without a version a watch begins with all there is; with timeoutSeconds the server closes cleanly.
      const lines = await linesOf(connection, path, {
        timeoutSeconds: 1,
        fieldSelector: "metadata.name=quiet",
      });
      const [late] = await linesOf(connection, path, { timeoutSeconds: 5, resourceVersion: "1" });
      return {
        list,
        missing: detailsOf(missing),
        old: detailsOf(old),
        types: lines.map((line) => (line as { type: string }).type),
        late: lateOf(late),
      };
    };
    const seen = await of(real.connection);
    expect(seen).toEqual(await of(fake));
    expect(seen.late).toEqual({ type: "ERROR", code: 410, reason: "Expired" });
    server.verify();
    await fake.close();
  });
});

/** The token of a page of version 1, which etcd has compacted or never had for this collection. */
const expiredPage = Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: 1, start: "a\u0000" })).toString(
  "base64url",
);

function detailsOf(error: unknown): object {
  const { details } = error as { details: { status: number; reason: string } };
  return { status: details.status, reason: details.reason };
}

function lateOf(line: object | undefined): object {
  const { type, object } = line as { type: string; object: { code: number; reason: string } };
  return { type, code: object.code, reason: object.reason };
}
