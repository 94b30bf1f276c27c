import { execFileSync, spawnSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import type { BenchRow } from "./queue.ts";

export interface AgentBenchOptions {
  readonly kubectl: string;
  readonly namespace: string;
  readonly env: NodeJS.ProcessEnv;
  /** The arguments before a command's own words. */
  readonly submit: readonly string[];
}

const limitMilliseconds = 150;
const limitMegabytes = 30;
/** Of /proc/PID/stat; its 22nd field is when the process started. */
const ticksPerSecond = 100;
const startTimes = "cut -d' ' -f22 /proc/1/stat /proc/self/stat";

/** What the agent adds inside the Pod, against the bounds of the design: without it both are 0. */
export async function benchAgent(options: AgentBenchOptions): Promise<readonly BenchRow[]> {
  const starts = Array.from({ length: 7 }, () => startMilliseconds(options)).toSorted((a, b) => a - b);
  const start = starts[Math.floor(starts.length / 2)] ?? Number.NaN;
  const memory = await anonymousMegabytes(options);
  return [
    row(
      "from the container's first process to the command (ms), against the bound",
      start,
      limitMilliseconds,
    ),
    ...[...memory].map(([container, megabytes]) =>
      row(`anonymous memory of container ${container} (MB), against the bound`, megabytes, limitMegabytes),
    ),
  ];
}

function startMilliseconds({ submit, env }: AgentBenchOptions): number {
  const args = [...submit, "--", "sh", "-c", startTimes];
  const { stdout, status } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`keruta submit ended with ${String(status)}`);
  const [agent = Number.NaN, command = Number.NaN] = stdout.trim().split("\n").map(Number);
  return ((command - agent) * 1000) / ticksPerSecond;
}

interface Summary {
  readonly pods: readonly {
    readonly podRef: { readonly namespace: string; readonly name: string };
    readonly containers?: readonly {
      readonly name: string;
      readonly memory?: { readonly rssBytes?: number };
    }[];
  }[];
}

/** As the kubelet sees it: what a container's processes hold and no file gives back. */
async function anonymousMegabytes(options: AgentBenchOptions): Promise<ReadonlyMap<string, number>> {
  const { kubectl, namespace, submit, env } = options;
  const args = [...submit, "--detach", "--", "sleep", "120"];
  const { stdout } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  const id = stdout.trim();
  const ask = (...words: string[]) => execFileSync(kubectl, words, { env, encoding: "utf8" });
  const node = ask("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
  for (let left = 60; left > 0; left -= 1) {
    await pause(1000);
    const summary = JSON.parse(ask("get", "--raw", `/api/v1/nodes/${node}/proxy/stats/summary`)) as Summary;
    const pod = summary.pods.find(
      ({ podRef }) => podRef.namespace === namespace && podRef.name.startsWith(`keruta-${id}-`),
    );
    const seen = new Map(
      (pod?.containers ?? []).map(({ name, memory }) => [name, (memory?.rssBytes ?? 0) / 1e6]),
    );
    if (seen.size === 2 && [...seen.values()].every((megabytes) => megabytes > 1)) return seen;
  }
  throw new Error(`the kubelet does not tell the memory of task ${id}`);
}

function row(work: string, ours: number, peer: number): BenchRow {
  return { work, ours, peer, ratio: ours / peer, target: "≤ 1.0" };
}
