import { execFileSync, spawnSync } from "node:child_process";
import type { ClusterBenchOptions } from "./cluster.ts";
import type { BenchRow } from "./queue.ts";

const bytes = 1_000_000_000;
const rounds = 3;
const make = `mkdir -p out; head -c ${String(bytes)} /dev/zero > out/big`;

/**
 * Seconds that one artifact of 1 GB adds to a task, verified and synced to the disk, against those of `kubectl exec …
 * cat` of such a file, thrown away.
 */
export function artifactRow(
  { kubectl, namespace, image }: ClusterBenchOptions,
  env: NodeJS.ProcessEnv,
  submit: readonly string[],
): BenchRow {
  const run = (...flags: string[]) =>
    seconds(() => {
      const args = [...submit, ...flags, "--", "sh", "-c", make];
      const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
      if (status !== 0) throw new Error(`keruta submit ended with ${String(status)}: ${stderr}`);
    });
  const ask = (...args: string[]) =>
    execFileSync(kubectl, ["-n", namespace, ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
  const pod = "bench-artifacts";
  const shell = ["sh", "-c", `${make}; sleep 3600`];
  ask(
    "run",
    pod,
    `--image=${image}`,
    "--image-pull-policy=IfNotPresent",
    "--restart=Never",
    "--command",
    "--",
    ...shell,
  );
  try {
    ask("wait", "--for=condition=Ready", `pod/${pod}`, "--timeout=60s");
    ask(
      "exec",
      pod,
      "--",
      "sh",
      "-c",
      `until [ "$(stat -c %s out/big)" = ${String(bytes)} ]; do sleep 1; done`,
    );
    const pairs = Array.from({ length: rounds }, () => ({
      ours: run("--artifact", "out/big") - run(),
      peer: seconds(() => ask("exec", pod, "--", "cat", "out/big")),
    }));
    const middle = (values: readonly number[]) =>
      values.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
    return {
      work: "collect an artifact of 1 GB (s), against kubectl exec … cat",
      ours: middle(pairs.map(({ ours }) => ours)),
      peer: middle(pairs.map(({ peer }) => peer)),
      ratio: middle(pairs.map(({ ours, peer }) => ours / peer)),
      target: "≤ 1.2",
    };
  } finally {
    ask("delete", "pod", pod, "--wait=false", "--grace-period=0", "--force");
  }
}

function seconds(work: () => void): number {
  const from = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - from) / 1e9;
}
