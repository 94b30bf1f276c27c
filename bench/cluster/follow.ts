import { atMost, rowOf, rowOfPairs, type BenchRow, type Pair } from "../row.ts";
import { createLineCounter } from "./line-counter.ts";
import type { Place } from "./place.ts";
import { createPlainJob } from "./plain-job.ts";

const rounds = 3;
const lines = 500_000;
/** 45 MB, so that the kubelet rotates the file (10 MiB) while it is followed. */
const command = ["sh", "-c", `l=${"x".repeat(80)}; seq 1 ${String(lines)} | sed "s/\\$/ $l/"`];
const memoryBound = 150e6;

/** In turns, from making the Job to the last line; each of ours checked line by line. */
export async function benchFollow(place: Place): Promise<readonly BenchRow[]> {
  let memory = 0;
  const ours = async () => {
    const counter = createLineCounter();
    const measured = await place.submit(["--", ...command], counter.take);
    counter.expect(lines);
    memory = Math.max(memory, measured.memory);
    return measured.seconds;
  };
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) pairs.push({ ours: await ours(), peer: await peer(place) });
  const work = `follow ${lines.toLocaleString("en")} lines (45 MB) through rotations, 0 lost, 0 doubled`;
  const boundBy =
    "Each line is framed and hashed by the agent, stamped by the kubelet, checked and stored by the follower; kubectl copies bytes. Of 17 s of CPU on two cores 11 are kubelet, API server and containerd.";
  return [
    rowOfPairs(
      { id: "follow", work, unit: "s", against: "kubectl logs -f", target: atMost(1.1), boundBy },
      pairs,
    ),
    rowOf(
      {
        id: "follow-memory",
        work: "memory of that keruta submit",
        unit: "MB",
        against: "the bound",
        target: atMost(1),
        boundBy: "Node's own text and heap are 90 MB of it.",
      },
      memory / 1e6,
      memoryBound / 1e6,
    ),
  ];
}

async function peer(place: Place): Promise<number> {
  const start = performance.now();
  const job = createPlainJob(place, command);
  const pod = ["pod", "-l", `job-name=${job.replace("job.batch/", "")}`, "--timeout=60s"];
  place.ask("wait", "--for=create", ...pod);
  // It has one from its making on; one that has ended already has a log all the same.
  place.ask("wait", "--for=jsonpath={.status.containerStatuses[0].containerID}", ...pod);
  await place.askMeasured(["logs", "-f", job], () => undefined);
  return (performance.now() - start) / 1000;
}
