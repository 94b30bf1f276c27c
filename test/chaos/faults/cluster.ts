import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { Pod } from "../../../packages/runner/src/cluster/objects.ts";
import type { FaultKind } from "../plan/fault-kinds.ts";
import type { PlannedFault } from "../plan/plan-faults.ts";
import { attemptOf, findPodProcess, type Namespace, type PodProcess } from "../world/namespace.ts";
import type { Round } from "../world/round-state.ts";
import { lasting, target, type BringAbout } from "./choose.ts";
import { mayLoseCommand } from "./local.ts";

/** A Pod of keruta's that has not come to its end, and what is done to it. */
async function hitPod(
  round: Round,
  planned: PlannedFault,
  hit: (namespace: Namespace, pod: Pod) => Promise<string | undefined>,
): Promise<boolean> {
  const { namespace } = round.arena;
  if (!namespace) return false;
  const pods = (await namespace.pods()).filter(
    ({ metadata, status }) =>
      attemptOf(metadata) !== undefined &&
      metadata.deletionTimestamp === undefined &&
      (status?.phase === "Running" || status?.phase === "Pending"),
  );
  const pod = target(pods, planned);
  const attempt = pod && attemptOf(pod.metadata);
  if (!pod || !attempt) return false;
  const at = Date.now();
  const what = await hit(namespace, pod);
  if (what === undefined) return false;
  round.record({ kind: planned.kind, at, until: Date.now(), what, attempt });
  return true;
}

function killIn(which: PodProcess): BringAbout {
  return (round, planned) =>
    hitPod(round, planned, async (_, pod) => {
      const attempt = attemptOf(pod.metadata);
      if (which === "command" && (!attempt || !mayLoseCommand(round, attempt))) return undefined;
      const pid = await findPodProcess(pod, which);
      if (pid === undefined) return undefined;
      process.kill(pid, "SIGKILL");
      return `${which} of ${pod.metadata.name}, process ${String(pid)}`;
    });
}

const deletePod: BringAbout = (round, planned) =>
  hitPod(round, planned, async (namespace, { metadata: { name } }) => {
    const grace = Math.floor(lasting(planned, 0, 6));
    await namespace.deletePod(name, grace);
    return `${name} with ${String(grace)} s of grace`;
  });

const evictPod: BringAbout = (round, planned) =>
  hitPod(round, planned, async (namespace, { metadata: { name } }) => {
    await namespace.evictPod(name);
    return name;
  });

const deleteJob: BringAbout = (round, planned) =>
  hitPod(round, planned, async (namespace, { metadata }) => {
    const job = metadata.ownerReferences?.find(({ kind }) => kind === "Job")?.name;
    if (job === undefined) return undefined;
    await namespace.deleteJob(job);
    return job;
  });

const execute = promisify(execFile);

/** The cluster's own tool; `up` gives up where a component needs longer than usual, and what it has started stays. */
export async function clusterUp(tools: string): Promise<void> {
  const up = () => execute(join(tools, "up"));
  await up().catch(up).catch(up);
}

function crash(component: string): BringAbout {
  return async ({ record }, planned) => {
    const tools = process.env["KERUTA_TEST_CLUSTER"];
    if (tools === undefined) return false;
    const at = Date.now();
    await execute(join(tools, "crash"), [component]);
    await pause(lasting(planned, 500, 15_000));
    await clusterUp(tools);
    record({ kind: planned.kind, at, until: Date.now(), what: `away for ${String(Date.now() - at)} ms` });
    return true;
  };
}

export const clusterFaults = {
  "kill-pod-agent": killIn("agent"),
  "kill-pod-sidecar": killIn("sidecar"),
  "kill-pod-command": killIn("command"),
  "delete-pod": deletePod,
  "evict-pod": evictPod,
  "delete-job": deleteJob,
  "crash-kubelet": crash("kubelet"),
  "crash-containerd": crash("containerd"),
  "crash-kube-apiserver": crash("kube-apiserver"),
  "crash-kube-scheduler": crash("kube-scheduler"),
  "crash-kube-controller-manager": crash("kube-controller-manager"),
} as const satisfies Partial<Record<FaultKind, BringAbout>>;
