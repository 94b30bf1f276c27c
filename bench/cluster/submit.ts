import { atMost, rowOfPairs, type BenchRow, type Pair } from "../row.ts";
import type { Place } from "./place.ts";
import { createPlainJob } from "./plain-job.ts";

const rounds = 7;

/** A task of one short command on an otherwise idle cluster, in turns. */
export async function benchSubmit(place: Place): Promise<BenchRow> {
  const ours = async () => (await place.submit(["--", "true"])).seconds;
  const peer = async () => {
    const start = performance.now();
    const job = createPlainJob(place, ["true"]);
    await place.askMeasured(["wait", "--for=condition=complete", job, "--timeout=120s"]);
    return (performance.now() - start) / 1000;
  };
  await ours();
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) pairs.push({ ours: await ours(), peer: await peer() });
  const figures = {
    id: "submit",
    work: "keruta submit -- true, agent injected",
    unit: "s",
    against: "kubectl create job + kubectl wait",
    target: atMost(1),
  };
  return rowOfPairs(figures, pairs);
}
