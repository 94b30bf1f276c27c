import { readdir, readFile } from "node:fs/promises";
import { codeOf } from "@keruta/shared/domain";
import { connectAsAdmin } from "../../../packages/runner/src/kubernetes/access/admin.harness.ts";
import type { Job, ObjectMeta, Pod } from "../../../packages/runner/src/cluster/objects.ts";
import { podLabels } from "../../../packages/shared/src/domain/index.ts";
import type { AttemptKey } from "../check/history.ts";

/** A namespace as its administrator sees and spoils it. */
export interface Namespace {
  readonly name: string;
  pods(): Promise<readonly Pod[]>;
  jobs(): Promise<readonly Job[]>;
  secrets(): Promise<readonly { readonly metadata: ObjectMeta }[]>;
  /** Everything that a manifest of keruta or what became of it may show. */
  texts(): Promise<readonly string[]>;
  deletePod(name: string, graceSeconds: number): Promise<void>;
  evictPod(name: string): Promise<void>;
  deleteJob(name: string): Promise<void>;
  /** Changes nothing, and makes the Job's controller look at it. */
  touchJob(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openNamespace(kubeconfig: string, name: string): Promise<Namespace> {
  const { connection } = await connectAsAdmin(kubeconfig);
  const core = `/api/v1/namespaces/${name}`;
  const batch = `/apis/batch/v1/namespaces/${name}`;
  const list = async <T>(path: string) => {
    const answer = await connection.send({ operation: "list", method: "GET", path });
    return (answer as { readonly items: readonly T[] }).items;
  };
  const remove = async (path: string, body: object) => {
    await connection.send({ operation: "delete", method: "DELETE", path, body });
  };
  return {
    name,
    pods: () => list<Pod>(`${core}/pods`),
    jobs: () => list<Job>(`${batch}/jobs`),
    secrets: () => list(`${core}/secrets`),
    texts: async () => {
      const lists = [`${core}/pods`, `${batch}/jobs`, `${core}/events`, `${core}/configmaps`];
      const found = await Promise.all(lists.map((path) => list<object>(path)));
      return found.flat().map((object) => JSON.stringify(object));
    },
    deletePod: (pod, gracePeriodSeconds) => remove(`${core}/pods/${pod}`, { gracePeriodSeconds }),
    deleteJob: (job) => remove(`${batch}/jobs/${job}`, { propagationPolicy: "Background" }),
    async touchJob(job) {
      const metadata = { annotations: { "keruta.test/touched": new Date().toISOString() } };
      await connection.send({
        operation: "touch",
        method: "PATCH",
        path: `${batch}/jobs/${job}`,
        contentType: "application/merge-patch+json",
        body: { metadata },
      });
    },
    async evictPod(pod) {
      const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace: name } };
      await connection.send({
        operation: "evict",
        method: "POST",
        path: `${core}/pods/${pod}/eviction`,
        body,
      });
    },
    close: () => connection.close(),
  };
}

/** Of which attempt a Pod or Job is; undefined where it is none of keruta's. */
export function attemptOf({ labels = {} }: ObjectMeta): AttemptKey | undefined {
  const [taskId, number] = [labels[podLabels.taskId], labels[podLabels.attempt]];
  return taskId === undefined || number === undefined ? undefined : { taskId, number: Number(number) };
}

export type PodProcess = "agent" | "sidecar" | "command";

/** A process of a Pod, as this machine, its node, sees it. */
export async function findPodProcess({ metadata }: Pod, which: PodProcess): Promise<number | undefined> {
  const group = new RegExp(`pod${metadata.uid.replaceAll("-", "[-_]")}`);
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    if (!group.test(await read(`/proc/${pid}/cgroup`))) continue;
    if (isThis(await read(`/proc/${pid}/cmdline`), which)) return Number(pid);
  }
  return undefined;
}

/** It may be gone meanwhile. */
async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes(codeOf(error) ?? "")) return "";
    throw error;
  }
}

function isThis(line: string, which: PodProcess): boolean {
  if (which === "command") return line.startsWith("sh\0-c\0");
  const word = which === "agent" ? "run" : "sidecar";
  return line.includes("ld.so\0") && line.includes(`keruta-agent\0${word}\0`);
}
