import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  const file = join(place.home, "artifact.json");
  const result = join(place.home, "artifact-result.json");
  const submit = async (artifacts?: object) => {
    const spec = { command: ["sh", "-c", make], ...(artifacts && { artifacts }) };
    writeFileSync(file, JSON.stringify({ apiVersion: "keruta/v1", kind: "Task", title: "artifact", spec }));
    const measured = await place.submit(["-f", file, "--result", result]);
    memory = Math.max(memory, measured.memory);
    if (artifacts) expectCollected(readFileSync(result, "utf8"));
    return measured.seconds;
  };
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ours = (await submit({ paths: ["out/big"], maxBytes: "1Gi" })) - (await submit());
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

/** A file over a limit is skipped, and that is quick. */
function expectCollected(result: string): void {
  const { attempt } = JSON.parse(result) as {
    attempt: { artifacts: { status: string; bytes: number } | null };
  };
  const { status, bytes: collected } = attempt.artifacts ?? { status: "none", bytes: 0 };
  if (status !== "Collected" || collected !== bytes)
    throw new Error(`the artifact was not collected: ${status}, ${String(collected)} bytes`);
}
