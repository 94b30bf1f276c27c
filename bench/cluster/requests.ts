import { program } from "../home.ts";
import { measureSuccess } from "../measure.ts";
import { atMost, rowOf, type BenchRow } from "../row.ts";
import type { Place } from "./place.ts";

const tasks = 20;
const bound = 8;

/** What a worker asks of the cluster's API, its watches included, for tasks with the agent and without artifacts. */
export async function benchRequests({ env, image, keruta }: Place): Promise<BenchRow> {
  for (let count = 0; count < tasks; count += 1)
    keruta("add", "-q", "--image", image, "--", "sh", "-c", "echo out; sleep 1; echo err >&2");
  const args = [program, "worker", "-v", "--concurrency", "10", "--until-empty"];
  const { stderr } = await measureSuccess(process.execPath, args, { env });
  const figures = { id: "requests", work: "API requests a task", unit: "", against: "the bound" };
  return rowOf({ ...figures, target: atMost(1) }, requestsOf(stderr) / tasks, bound);
}

/** Of the last line of `-v`: `API requests: create job 2000, …`. */
function requestsOf(words: string): number {
  const list = /API requests: (.*)/.exec(words)?.[1] ?? "";
  return Array.from(list.matchAll(/ (\d+)(?=,|$)/g), ([, count]) => Number(count)).reduce((a, b) => a + b, 0);
}
