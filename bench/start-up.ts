import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { makeHome, program } from "./home.ts";
import { measureSuccess } from "./measure.ts";
import { atMost, rowOfPairs, type BenchRow, type Pair } from "./row.ts";

const rounds = 25;

/** The whole process of `keruta list` on a local queue against `kubectl version --client`, in turns. */
export async function benchStartUp(directory: string, kubectl: string): Promise<readonly BenchRow[]> {
  if (spawnSync(kubectl, ["version", "--client"]).status !== 0) {
    process.stderr.write(`${kubectl} is not here: the row of keruta list is left out; --kubectl names one\n`);
    return [];
  }
  const { home, env } = makeHome(directory);
  try {
    for (let task = 0; task < 20; task += 1) {
      spawnSync(process.execPath, [program, "add", "--runner", "local", "--", "echo", String(task)], { env });
    }
    const milliseconds = async (file: string, ...args: string[]) =>
      (await measureSuccess(file, args, { env })).seconds * 1000;
    const list = () => milliseconds(process.execPath, program, "list");
    const peer = () => milliseconds(kubectl, "version", "--client");
    await list();
    await peer();
    const pairs: Pair[] = [];
    for (let round = 0; round < rounds; round += 1) pairs.push({ ours: await list(), peer: await peer() });
    const work = "keruta list, whole process";
    const figures = { id: "list", work, unit: "ms", against: "kubectl version --client", target: atMost(1) };
    return [rowOfPairs(figures, pairs)];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
