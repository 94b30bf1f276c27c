import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { status } from "../fake-api-server.ts";
import { clusterTool, describeReal } from "../real-cluster.harness.ts";
import { readJsonLines } from "./json-lines.ts";

const run = promisify(execFile);

describeReal(
  "an outage",
  (current) => {
    // The cluster tool starts the API server again in some 5 s.
    test(
      "a watch outlives an API server that is killed, and misses nothing",
      { timeout: 120_000 },
      async () => {
        const real = current();
        const { cluster } = real;
        const end = new AbortController();
        const said: string[] = [];
        const selection = { fieldSelector: "metadata.name=late" };
        for await (const change of cluster.watch("pods", selection, end.signal)) {
          const items = change.type === "snapshot" ? change.items.map(({ metadata }) => metadata.name) : [];
          if (said.at(-1) !== change.type) said.push(change.type);
          if (said.length === 1) await run(join(clusterTool ?? "", "crash"), ["kube-apiserver"]);
          if (change.type === "interrupted") {
            await startAgain();
            const container = { name: "main", image: "localhost/keruta-test/busybox:1", command: ["true"] };
            await real.create(`/api/v1/namespaces/${cluster.namespace}/pods`, {
              metadata: { name: "late" },
              spec: { containers: [container] },
            });
          }
          const isThere =
            items.includes("late") || ("object" in change && change.object.metadata.name === "late");
          if (isThere) end.abort();
        }
        expect(said.slice(0, 3)).toEqual(["snapshot", "interrupted", "snapshot"]);

        // A server that has just started has no old versions to watch from: what the fake one imitates.
        const lines: unknown[] = [];
        const path = `/api/v1/namespaces/${cluster.namespace}/pods`;
        const query = { watch: true, timeoutSeconds: 5, resourceVersion: "1" };
        const body = await real.connection.open({ operation: "watch", method: "GET", path, query });
        for await (const line of readJsonLines(body)) lines.push(line);
        expect(lines).toMatchObject([
          {
            type: "ERROR",
            object: status(410, "Expired", expect.stringMatching(/^too old resource version/)),
          },
        ]);
      },
    );
  },
  { crashes: true },
);

/** The tool may stumble over a part that is still going down: `up` is there to be called again. */
async function startAgain(): Promise<void> {
  for (let left = 3; ; left--) {
    try {
      await run(join(clusterTool ?? "", "up"));
      return;
    } catch (error) {
      if (left === 1) throw error;
    }
  }
}
