import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchRow } from "./queue.ts";

export interface WorkerBenchOptions {
  readonly directory: string;
  readonly kubeconfig: string;
  readonly kubectl: string;
  readonly jobs: number;
}

const program = join(import.meta.dirname, "../packages/cli/bin/keruta.cjs");
const namespace = "keruta-bench-worker";
const concurrency = 100;
const lookMilliseconds = 2000;

/** Nodes that KWOK plays: label type=kwok, tainted kwok.x-k8s.io/node; a Pod of a Job there ends after a second. */
const onFakeNodes = {
  nodeSelector: { type: "kwok" },
  tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" }],
};

/** Many short Jobs, with and without keruta, one after the other on fake nodes. */
export async function benchWorker(options: WorkerBenchOptions): Promise<readonly BenchRow[]> {
  const { kubeconfig, jobs } = options;
  const home = mkdtempSync(join(options.directory, "worker-bench-"));
  const env = {
    ...process.env,
    HOME: home,
    XDG_STATE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
    KUBECONFIG: kubeconfig,
    KERUTA_KUBERNETES_DEFAULT_NAMESPACE: namespace,
  };
  const kubectl = (...args: string[]) =>
    execFileSync(options.kubectl, ["-n", namespace, ...args], { env, maxBuffer: 1 << 30 }).toString();
  const keruta = (...args: string[]) => execFileSync(process.execPath, [program, ...args], { env });
  kubectl("create", "namespace", namespace);
  try {
    const file = join(home, "jobs.json");
    const items = Array.from({ length: jobs }, (_, index) => plainJob(`peer-${String(index)}`));
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const peer = await timed(async () => {
      kubectl("apply", "-f", file);
      while (completed(kubectl) < jobs) await sleep(lookMilliseconds);
    });

    const tasks = join(home, "tasks.yaml");
    writeFileSync(tasks, Array.from({ length: jobs }, (_, index) => task(index)).join("\n---\n"));
    let memory = 0;
    let words = "";
    const ours = await timed(async () => {
      keruta("add", "-q", "-f", tasks);
      ({ memory, words } = await runWorker(env, join(home, "worker.log")));
    });
    const { counts } = JSON.parse(keruta("queue", "status", "-o", "json").toString()) as {
      counts: Record<string, number>;
    };
    if (counts["COMPLETED"] !== jobs) throw new Error(`not all are completed: ${JSON.stringify(counts)}`);
    const work = `${String(jobs)} Jobs on fake nodes, worker --concurrency ${String(concurrency)}`;
    return [
      row(`${work}, Jobs a second, against the Job controller's own`, jobs / ours, jobs / peer, "≥ 0.9"),
      row(`${work}, MB of memory, against the bound`, memory / 1e6, 300, "≤ 1.0"),
      row(`${work}, API requests a task, against the bound`, requestsOf(words) / jobs, 8, "≤ 1.0"),
    ];
  } finally {
    kubectl("delete", "namespace", namespace, "--wait=false");
    rmSync(home, { recursive: true, force: true });
  }
}

function plainJob(name: string): object {
  const containers = [{ name: "main", image: "busybox", command: ["true"] }];
  const template = { spec: { restartPolicy: "Never", containers, ...onFakeNodes } };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec: { backoffLimit: 0, template } };
}

function task(index: number): string {
  const spec = { image: "busybox", command: ["true"], agent: "none", ...onFakeNodes };
  return JSON.stringify({ apiVersion: "keruta/v1", kind: "Task", title: `bench ${String(index)}`, spec });
}

function completed(kubectl: (...args: string[]) => string): number {
  const names = kubectl("get", "jobs", "--field-selector", "status.successful=1", "-o", "name");
  return names.split("\n").length - 1;
}

/** Its largest memory in bytes, and its words. */
async function runWorker(
  env: NodeJS.ProcessEnv,
  log: string,
): Promise<{ readonly memory: number; readonly words: string }> {
  const args = ["worker", "-v", "--concurrency", String(concurrency), "--until-empty"];
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
  const file = createWriteStream(log);
  child.stderr.pipe(file);
  let memory = 0;
  const look = setInterval(() => {
    memory = Math.max(memory, residentOf(child.pid));
  }, 500);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const words = readFileSync(log, "utf8");
    if (code !== 0) throw new Error(`the worker ended with ${String(code)}: ${words.slice(-2000)}`);
    return { memory, words };
  } finally {
    clearInterval(look);
  }
}

/** Linux only; elsewhere 0. */
function residentOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // It has just ended.
    return 0;
  }
}

/** Of the last line of `-v`: `API requests: create job 2000, …`. */
function requestsOf(words: string): number {
  const list = /API requests: (.*)/.exec(words)?.[1] ?? "";
  return Array.from(list.matchAll(/ (\d+)(?=,|$)/g), ([, count]) => Number(count)).reduce((a, b) => a + b, 0);
}

function row(work: string, ours: number, peer: number, target: string): BenchRow {
  return { work, ours, peer, ratio: ours / peer, target };
}

async function timed(run: () => Promise<void>): Promise<number> {
  const from = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - from) / 1e9;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
