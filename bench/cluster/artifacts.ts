import { atMost, rowOf, rowOfPairs, type BenchRow, type Pair } from "../row.ts";
import type { Place } from "./place.ts";

const bytes = 1_000_000_000;
const rounds = 3;
const make = `mkdir -p out; head -c ${String(bytes)} /dev/zero > out/big`;
const memoryBound = 150e6;

/**
 * What one artifact of 1 GB adds to a task, verified and synced to the disk, against `kubectl exec … cat` of such a
 * file, thrown away. In turns.
 */
export async function benchArtifacts(place: Place): Promise<readonly BenchRow[]> {
  const pod = "bench-artifacts";
  const shell = ["--command", "--", "sh", "-c", `${make}; touch made; sleep 3600`];
  place.ask(
    "run",
    pod,
    `--image=${place.image}`,
    "--image-pull-policy=IfNotPresent",
    "--restart=Never",
    ...shell,
  );
  place.ask("wait", "--for=condition=Ready", `pod/${pod}`, "--timeout=60s");
  place.ask("exec", pod, "--", "sh", "-c", "until [ -e made ]; do sleep 1; done");
  let memory = 0;
  const submit = async (...flags: string[]) => {
    const measured = await place.submit([...flags, "--", "sh", "-c", make]);
    memory = Math.max(memory, measured.memory);
    return measured.seconds;
  };
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ours = (await submit("--artifact", "out/big")) - (await submit());
    pairs.push({ ours, peer: (await place.askMeasured(["exec", pod, "--", "cat", "out/big"])).seconds });
  }
  const figures = {
    id: "artifact",
    work: "collect an artifact of 1 GB, verified and durable",
    unit: "s",
    against: "kubectl exec … cat > /dev/null",
    target: atMost(1.2),
  };
  const ofMemory = {
    id: "artifact-memory",
    work: "memory of that keruta submit",
    unit: "MB",
    against: "the bound",
    target: atMost(1),
  };
  return [rowOfPairs(figures, pairs), rowOf(ofMemory, memory / 1e6, memoryBound / 1e6)];
}
