import { mkdtempSync, rmSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchQueue, type BenchRow } from "./queue.ts";
import { benchCluster } from "./cluster.ts";
import { benchPostgres } from "./postgres.ts";
import { benchLogs } from "./logs.ts";
import { benchList } from "./start-up.ts";
import { benchWorker } from "./worker.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    kubectl: { type: "string", default: "kubectl" },
    /** Switches on the rows of a cluster; the namespace is there, and its Jobs are deleted at the end. */
    kubeconfig: { type: "string" },
    namespace: { type: "string", default: "default" },
    image: { type: "string", default: "busybox:1" },
    /** With --kubeconfig: the rows of the worker, and only these; the cluster has fake nodes of KWOK. */
    /** Only the rows of logs. */
    logs: { type: "boolean", default: false },
    "fake-nodes": { type: "boolean", default: false },
    jobs: { type: "string", default: "2000" },
  },
});

// Beside the checkout and not in /tmp, which may be memory, where a sync costs nothing.
const directory = mkdtempSync(join(import.meta.dirname, "../.bench-"));
try {
  const { kubeconfig, kubectl } = values;
  if (values.logs) {
    print(await benchLogs({ directory }));
  } else if (kubeconfig !== undefined && values["fake-nodes"]) {
    print(await benchWorker({ directory, kubeconfig, kubectl, jobs: Number(values.jobs) }));
  } else {
    print(await benchAll(kubeconfig));
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function benchAll(kubeconfig: string | undefined): Promise<readonly BenchRow[]> {
  const list = benchList(directory, values.kubectl);
  if (!list && !values.json)
    console.log(`${values.kubectl} is not here: the row of keruta list is left out\n`);
  const { kubectl, namespace, image } = values;
  const place = { directory, kubectl, namespace, image };
  const cluster = kubeconfig === undefined ? [] : await benchCluster({ ...place, kubeconfig });
  const queue = [...(await benchQueue({ directory })), ...(await benchPostgres(directory))];
  return [...(list ? [list] : []), ...cluster, ...queue, ...(await benchLogs({ directory }))];
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
