/** A process that reads much from a Pod, slowly: `slow-reader KUBECONFIG NAMESPACE POD BYTES`. */
// oxlint-disable no-restricted-globals -- this is the program of a process of its own
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestDeps } from "../access.harness.ts";
import { openCluster } from "../open-cluster.ts";

const [kubeconfig = "", namespace = "", pod = "", count = ""] = process.argv.slice(2);
const choice = { from: "flag", paths: [kubeconfig], mayMiss: false } as const;
const cluster = await openCluster({ kubeconfig: choice, context: undefined, namespace }, createTestDeps());
// It stays until all has come: what is under way when a command ends may be cut off (kubernetes/kubernetes#124571).
const command = ["sh", "-c", `head -c ${count} /dev/zero; read -r done`];
const exec = await cluster.exec({ pod, container: "main", command, stdin: true });
let bytes = 0;
let nextPause = 0;
for await (const chunk of exec.stdout) {
  bytes += chunk.length;
  if (bytes >= Number(count)) await exec.stdin.write(Buffer.from("\n"));
  if (bytes < nextPause) continue;
  // Far longer than the server takes to fill every buffer on the way.
  await sleep(100);
  nextPause += 20_000_000;
}
const exitCode = await exec.exitCode;
await cluster.close();
// Not resourceUsage().maxRSS: on Linux a process begins with that of the one that started it.
const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
process.stdout.write(JSON.stringify({ bytes, exitCode, maxRss: Number(kibibytes) * 1024 }));
