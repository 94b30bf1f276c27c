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
  test("lists, watch lines, refusals and a clean close are alike", async () => {
    const real = current();
    const path = `/api/v1/namespaces/${real.cluster.namespace}/pods`;
    await using server = await startFakeApiServer();
    const fake = connectTo(server.url, createTestDeps());
    const added = { type: "ADDED", object: pod("quiet") };
    server.script("list", listing("7", "quiet"), json(status(404, "NotFound", "no"), 404));
    server.script("watch", watching([added], closes));

    const of = async (connection: Connection) => {
      const list = shapeOf(await connection.send({ ...ask, path }));
      const missing = await failureOf(connection.send({ ...ask, path: `${path}/nobody` }));
      // Without a version a watch begins with all there is; with timeoutSeconds the server closes cleanly.
      const lines = await linesOf(connection, path, {
        timeoutSeconds: 1,
        fieldSelector: "metadata.name=quiet",
      });
      return {
        list,
        missing: detailsOf(missing),
        types: lines.map((line) => (line as { type: string }).type),
      };
    };
    expect(await of(real.connection)).toEqual(await of(fake));
    server.verify();
    await fake.close();
  });
});

function detailsOf(error: unknown): object {
  const { details } = error as { details: { status: number; reason: string } };
  return { status: details.status, reason: details.reason };
}
