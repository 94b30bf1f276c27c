import { setTimeout as pause } from "node:timers/promises";
import { atMost, median, rowOf, type BenchRow } from "../row.ts";
import type { Place } from "./place.ts";

const limitMilliseconds = 150;
const limitMegabytes = 30;
/** Of /proc/PID/stat; its 22nd field is when the process started. */
const ticksPerSecond = 100;
const startTimes = "cut -d' ' -f22 /proc/1/stat /proc/self/stat";
const rounds = 7;

/** What the agent adds inside the Pod, against the bounds of the design: without it both are 0. */
export async function benchAgent(place: Place): Promise<readonly BenchRow[]> {
  const starts: number[] = [];
  for (let round = 0; round < rounds; round += 1) starts.push(await startMilliseconds(place));
  const memory = await anonymousMegabytes(place);
  const shared = { against: "the bound", target: atMost(1) };
  const work = "from the container's first process to the task's command";
  return [
    rowOf({ id: "agent-start", work, unit: "ms", ...shared }, median(starts), limitMilliseconds),
    ...[...memory].map(([container, megabytes]) => {
      const id = `agent-memory-${container}`;
      const what = `anonymous memory of container ${container}`;
      return rowOf({ id, work: what, unit: "MB", ...shared }, megabytes, limitMegabytes);
    }),
  ];
}

async function startMilliseconds({ submit }: Place): Promise<number> {
  let output = "";
  await submit(["--", "sh", "-c", startTimes], (chunk) => (output += chunk.toString()));
  const [agent = Number.NaN, command = Number.NaN] = output.trim().split("\n").map(Number);
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
async function anonymousMegabytes({ submit, ask, namespace }: Place): Promise<ReadonlyMap<string, number>> {
  let id = "";
  await submit(["--detach", "--", "sleep", "120"], (chunk) => (id += chunk.toString().trim()));
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
