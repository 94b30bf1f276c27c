import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchAgent } from "./cluster/agent.ts";
import { benchArtifacts } from "./cluster/artifacts.ts";
import { benchFollow } from "./cluster/follow.ts";
import { inPlace, type Place } from "./cluster/place.ts";
import { benchRequests } from "./cluster/requests.ts";
import { benchSubmit } from "./cluster/submit.ts";
import { benchWorker } from "./cluster/worker.ts";
import { benchLogs } from "./logs/logs.ts";
import { benchClaims } from "./queue/claims.ts";
import { benchPostgres } from "./queue/postgres.ts";
import { describeMachine, formatReport } from "./report.ts";
import type { BenchRow } from "./row.ts";
import { benchStartUp } from "./start-up.ts";

const help = `npm run bench -- [options]

Speed beside that of others, in one run. Figures of a busy machine are noise: the load at the start is printed.

  --only NAME         rows of: list, claims, postgres, logs, submit, requests, follow, artifacts, agent, worker; may
                      be repeated
  --kubeconfig FILE   also the rows of a cluster, otherwise idle: submit, requests, follow, artifacts,
                      agent
  --fake-nodes        and of the worker, where the cluster has fake nodes of KWOK (20 minutes)
  --jobs N            how many Jobs that is (2000)
  --kubectl FILE      the peer (kubectl)
  --image NAME        with a shell, seq, sed and stat, there on the node (busybox:1)
  --namespace NAME    made, and deleted at the end (keruta-bench)
  --json              instead of a table
`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h", default: false },
    json: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    kubectl: { type: "string", default: "kubectl" },
    kubeconfig: { type: "string" },
    namespace: { type: "string", default: "keruta-bench" },
    image: { type: "string", default: "busybox:1" },
    "fake-nodes": { type: "boolean", default: false },
    jobs: { type: "string", default: "2000" },
  },
});

type Bench = () => Promise<readonly BenchRow[]>;

function benches(directory: string): ReadonlyMap<string, Bench> {
  const { kubeconfig, kubectl, namespace, image } = values;
  const onCluster = (run: (place: Place) => Promise<readonly BenchRow[]>): Bench => {
    const place = { directory, kubeconfig: kubeconfig ?? "", kubectl, image };
    // A namespace that is being deleted cannot be made again.
    return () => inPlace({ ...place, namespace: `${namespace}-${String(Date.now())}` }, run);
  };
  return new Map<string, Bench>([
    ["list", () => benchStartUp(directory, kubectl)],
    ["claims", () => benchClaims(directory)],
    ["postgres", () => benchPostgres(directory)],
    ["logs", () => benchLogs(directory)],
    ...(kubeconfig === undefined
      ? []
      : ([
          ["submit", onCluster(async (place) => [await benchSubmit(place)])],
          ["requests", onCluster(async (place) => [await benchRequests(place)])],
          ["follow", onCluster(benchFollow)],
          ["artifacts", onCluster(benchArtifacts)],
          ["agent", onCluster(benchAgent)],
        ] as const)),
    ...(kubeconfig === undefined || !values["fake-nodes"]
      ? []
      : ([["worker", onCluster((place) => benchWorker(place, Number(values.jobs)))]] as const)),
  ]);
}

async function run(directory: string): Promise<void> {
  const all = benches(directory);
  const chosen = values.only ?? [...all.keys()];
  const begin = describeMachine();
  const rows: BenchRow[] = [];
  for (const name of chosen) {
    const bench = all.get(name);
    if (!bench) throw new Error(`there is no bench ${name} here: ${[...all.keys()].join(", ")}; see --help`);
    process.stderr.write(`${name} …\n`);
    try {
      rows.push(...(await bench()));
    } catch (error) {
      // The figures of the others are worth their time.
      process.stderr.write(
        `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      process.exitCode = 1;
    }
  }
  const report = { ...begin, rows };
  console.log(values.json ? JSON.stringify(report, null, 2) : formatReport(report));
}

if (values.help) console.log(help);
else {
  // Beside the checkout and not in /tmp, which may be memory, where a sync costs nothing.
  const directory = mkdtempSync(join(import.meta.dirname, "../.bench-"));
  try {
    await run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
