import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { program } from "../home.ts";
import { measureSuccess, timed } from "../measure.ts";
import { atLeast, atMost, rowOf, type BenchRow } from "../row.ts";
import { heapAtPeak } from "./heap-at-peak.ts";
import type { Place } from "./place.ts";
import { plainJob } from "./plain-job.ts";

const concurrency = 100;
const lookMilliseconds = 2000;
const memoryBound = 300e6;

/** Nodes that KWOK plays: label type=kwok, tainted kwok.x-k8s.io/node; a Pod of a Job there ends after a second. */
const onFakeNodes = {
  nodeSelector: { type: "kwok" },
  tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" }],
};

/** Many short Jobs, with and without keruta, one after the other on fake nodes. */
export async function benchWorker(place: Place, jobs: number): Promise<readonly BenchRow[]> {
  const { ask, env, home, keruta } = place;
  const file = join(home, "jobs.json");
  const items = Array.from({ length: jobs }, (_, index) => ({
    ...plainJob("busybox", ["true"], onFakeNodes),
    metadata: { name: `peer-${String(index)}` },
  }));
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const peer = await timed(async () => {
    ask("apply", "-f", file);
    while (completed(place) < jobs) await pause(lookMilliseconds);
  });

  const tasks = join(home, "tasks.yaml");
  writeFileSync(tasks, Array.from({ length: jobs }, (_, index) => task(index)).join("\n---\n"));
  const heap = heapAtPeak(home, memoryBound);
  const args = [...heap.flags, program, "worker", "--concurrency", String(concurrency), "--until-empty"];
  let worker = { memory: 0 };
  const ours = await timed(async () => {
    keruta("add", "-q", "-f", tasks);
    worker = await measureSuccess(process.execPath, args, { env, onHigh: heap.onHigh });
  });
  const { counts } = JSON.parse(keruta("queue", "status", "-o", "json")) as {
    counts: Record<string, number>;
  };
  if (counts["COMPLETED"] !== jobs) throw new Error(`not all are completed: ${JSON.stringify(counts)}`);

  const work = `${jobs.toLocaleString("en")} Jobs on fake nodes, worker --concurrency ${String(concurrency)}`;
  const rate = { id: "worker-rate", work, unit: "Jobs/s", against: "the Job controller's own rate" };
  const memory = { id: "worker-memory", work: "memory of that worker", unit: "MB", against: "the bound" };
  const boundBy = heap.describe();
  return [
    rowOf({ ...rate, target: atLeast(0.9) }, (jobs * 1000) / ours, (jobs * 1000) / peer),
    rowOf(
      { ...memory, target: atMost(1), ...(boundBy !== undefined && { boundBy }) },
      worker.memory / 1e6,
      memoryBound / 1e6,
    ),
  ];
}

function task(index: number): string {
  const spec = { image: "busybox", command: ["true"], agent: "none", ...onFakeNodes };
  return JSON.stringify({ apiVersion: "keruta/v1", kind: "Task", title: `bench ${String(index)}`, spec });
}

function completed({ ask }: Place): number {
  const names = ask("get", "jobs", "--field-selector", "status.successful=1", "-o", "name");
  return names.split("\n").length - 1;
}
