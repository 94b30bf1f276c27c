import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BenchRow } from "./queue.ts";

const program = join(import.meta.dirname, "../packages/cli/bin/keruta.cjs");
const rounds = 25;

/** The whole process of `keruta list` on a local queue against `kubectl version --client`, in turns. Milliseconds. */
export function benchList(directory: string, kubectl: string): BenchRow | undefined {
  if (spawnSync(kubectl, ["version", "--client"]).status !== 0) return undefined;
  const home = mkdtempSync(join(directory, "list-bench-"));
  const env = {
    ...process.env,
    HOME: home,
    XDG_STATE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
  };
  try {
    for (let task = 0; task < 20; task += 1) {
      spawnSync(process.execPath, [program, "add", "--runner", "local", "--", "echo", String(task)], { env });
    }
    const list = () => timed(process.execPath, [program, "list"], env);
    const peer = () => timed(kubectl, ["version", "--client"], process.env);
    list();
    peer();
    const pairs = Array.from({ length: rounds }, () => ({ ours: list(), peer: peer() }));
    const ours = median(pairs.map((pair) => pair.ours));
    const theirs = median(pairs.map((pair) => pair.peer));
    const ratio = median(pairs.map((pair) => pair.ours / pair.peer));
    return {
      work: "keruta list, whole process (ms), against kubectl version --client",
      ours,
      peer: theirs,
      ratio,
      target: "≤ 1.0",
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function timed(file: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const from = process.hrtime.bigint();
  const { status } = spawnSync(file, args, { env, stdio: "ignore" });
  const took = Number(process.hrtime.bigint() - from) / 1e6;
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${String(status)}`);
  return took;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
