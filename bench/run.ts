import { mkdtempSync, rmSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchQueue, type BenchRow } from "./queue.ts";
import { benchCluster } from "./cluster.ts";
import { benchPostgres } from "./postgres.ts";
import { benchList } from "./start-up.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    kubectl: { type: "string", default: "kubectl" },
    /** Switches on the rows of a cluster; the namespace is there, and its Jobs are deleted at the end. */
    kubeconfig: { type: "string" },
    namespace: { type: "string", default: "default" },
    image: { type: "string", default: "busybox:1" },
  },
});

// Beside the checkout and not in /tmp, which may be memory, where a sync costs nothing.
const directory = mkdtempSync(join(import.meta.dirname, "../.bench-"));
try {
  const list = benchList(directory, values.kubectl);
  if (!list && !values.json)
    console.log(`${values.kubectl} is not here: the row of keruta list is left out\n`);
  const { kubeconfig, ...place } = values;
  const cluster = kubeconfig === undefined ? [] : await benchCluster({ ...place, kubeconfig, directory });
  const queue = [...(await benchQueue({ directory })), ...(await benchPostgres(directory))];
  print([...(list ? [list] : []), ...cluster, ...queue]);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function print(rows: readonly BenchRow[]): void {
  const machine = `${String(cpus().length)} × ${cpus()[0]?.model ?? "?"}, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.version}`;
  if (values.json) {
    console.log(JSON.stringify({ machine, rows }, null, 2));
    return;
  }
  console.log(`${machine}\n`);
  for (const { work, ours, peer, ratio, target } of rows) {
    const figures = `${ours.toFixed(2)} against ${peer.toFixed(2)}`;
    console.log(`${ratio.toFixed(2).padStart(6)} ×  (target ${target})  ${work}: ${figures}`);
  }
}
