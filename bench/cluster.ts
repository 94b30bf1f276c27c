import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchAgent } from "./agent.ts";
import { artifactRow } from "./artifacts.ts";
import type { BenchRow } from "./queue.ts";

export interface ClusterBenchOptions {
  readonly directory: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly kubectl: string;
  /** With a shell, seq and sed. */
  readonly image: string;
}

const program = join(import.meta.dirname, "../packages/cli/bin/keruta.cjs");
const rounds = 7;
const lines = 500_000;
const manyLines = `l=${"x".repeat(80)}; seq 1 ${String(lines)} | sed "s/\\$/ $l/"`;

/** In turns, on an otherwise idle cluster: a task of one command, and half a million lines of log. Seconds. */
export async function benchCluster(options: ClusterBenchOptions): Promise<readonly BenchRow[]> {
  const home = mkdtempSync(join(options.directory, "cluster-bench-"));
  const env = {
    ...process.env,
    HOME: home,
    XDG_STATE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
    KUBECONFIG: options.kubeconfig,
  };
  const submit = [program, "submit", "-q", "-n", options.namespace, "--image", options.image];
  const keruta = (...command: string[]) =>
    timed(() => {
      const args = [...submit, "--", ...command];
      const { status, stdout } = spawnSync(process.execPath, args, { env, maxBuffer: 1 << 30 });
      if (status !== 0) throw new Error(`keruta submit ended with ${String(status)}`);
      return stdout.length;
    });
  const kubectl = (...args: string[]) =>
    execFileSync(options.kubectl, ["-n", options.namespace, ...args], { env, maxBuffer: 1 << 30 });
  const plainJob = (command: readonly string[], see: (job: string) => number) =>
    timed(() => {
      const file = join(home, "job.json");
      writeFileSync(file, JSON.stringify(jobOf(options.image, command)));
      return see(kubectl("create", "-f", file, "-o", "name").toString().trim());
    });
  const wait = (job: string) => kubectl("wait", "--for=condition=complete", job, "--timeout=120s").length;
  const follow = (job: string) => {
    const pods = [
      "--for=condition=Ready",
      "pod",
      "-l",
      `job-name=${job.replace("job.batch/", "")}`,
      "--timeout=60s",
    ];
    kubectl("wait", "--for=create", "pod", ...pods.slice(2));
    spawnSync(options.kubectl, ["-n", options.namespace, "wait", ...pods], { env });
    return kubectl("logs", "-f", job).length;
  };
  try {
    keruta("true");
    return [
      row("keruta submit -- true (s), against kubectl create job + wait", "≤ 1.0", rounds, {
        ours: () => keruta("true"),
        peer: () => plainJob(["true"], wait),
      }),
      row(`follow ${String(lines)} lines (s), against kubectl logs -f`, "≤ 1.1", 3, {
        ours: () => keruta("sh", "-c", manyLines),
        peer: () => plainJob(["sh", "-c", manyLines], follow),
      }),
      artifactRow(options, env, submit),
      ...(await benchAgent({ ...options, env, submit })),
    ];
  } finally {
    kubectl("delete", "jobs", "--all", "--wait=false");
    rmSync(home, { recursive: true, force: true });
  }
}

function jobOf(image: string, command: readonly string[]): object {
  const containers = [{ name: "main", image, imagePullPolicy: "IfNotPresent", command }];
  const template = { spec: { restartPolicy: "Never", containers } };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { generateName: "bench-" },
    spec: { backoffLimit: 0, template },
  };
}

function row(
  work: string,
  target: string,
  count: number,
  run: { ours: () => number; peer: () => number },
): BenchRow {
  const pairs = Array.from({ length: count }, () => ({ ours: run.ours(), peer: run.peer() }));
  return {
    work,
    ours: median(pairs.map(({ ours }) => ours)),
    peer: median(pairs.map(({ peer }) => peer)),
    ratio: median(pairs.map(({ ours, peer }) => ours / peer)),
    target,
  };
}

function timed(run: () => number): number {
  const from = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - from) / 1e9;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
