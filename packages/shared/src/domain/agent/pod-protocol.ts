/** Names in an attempt's Job and Pod: written by the plan, read by the agent and the driver. */
export const podContainers = {
  /** A native sidecar: the first init container, with restartPolicy Always. */
  sidecar: "keruta",
  clone: "git-clone",
  main: "main",
} as const;

export const podVolumes = {
  /** The agent's binary, loader and libraries; read-only in all containers but the sidecar. */
  bin: "keruta-bin",
  /** The agent's run directory (`runFiles`). */
  run: "keruta-run",
  /** An emptyDir at the workspace's path, unless a volume of the task is mounted there. */
  workspace: "keruta-workspace",
  /** The clone's TMPDIR, since its root is read-only. */
  temporary: "keruta-tmp",
  /** The repository's credentials, in the clone's container only. */
  gitSecret: "keruta-git-secret",
  /** The one file /etc/passwd of the clone's container: ssh refuses to work for a user that has no name. */
  passwd: "keruta-passwd",
} as const;

const binRoot = "/keruta";
const runDirectory = "/keruta-run";

export const podPaths = {
  /** Where `install` puts `bin/` and `lib/`. */
  binRoot,
  binDirectory: `${binRoot}/bin`,
  /** The agent in every container but the sidecar. */
  agent: `${binRoot}/bin/keruta-agent`,
  /** The agent in its own image. */
  imageAgent: "/keruta-agent",
  runDirectory,
  artifacts: `${runDirectory}/artifacts`,
  taskFile: `${runDirectory}/task.json`,
  /** Appears when the driver has all that it wanted; the sidecar then ends. */
  acknowledged: `${runDirectory}/acknowledged`,
  gitSecret: "/keruta-git-secret",
  temporary: "/keruta-tmp",
  /** In the sidecar: volumes of the task that cannot be where the task has them. */
  volumes: "/keruta-volumes",
  terminationMessage: "/dev/termination-log",
} as const;

export const podLabels = {
  managedBy: "app.kubernetes.io/managed-by",
  queue: "keruta.dev/queue",
  taskId: "keruta.dev/task-id",
  attempt: "keruta.dev/attempt",
  /** On a claim that goes with its task. */
  claim: "keruta.dev/claim",
} as const;

/** Value of the label `podLabels.claim`. */
export const ownClaim = "task";

/** Value of the label `podLabels.managedBy`. */
export const managedBy = "keruta";

export const podAnnotations = {
  title: "keruta.dev/title",
  /** The attempt's, the same for each of its drivers: a Job is adopted only where it has the adopter's own (decision 7). */
  fence: "keruta.dev/fence",
  /** `api` where the sidecar uploads the artifacts: a driver that takes over may have another setting. */
  transport: "keruta.dev/artifacts-transport",
  /** Content of the volume `podVolumes.passwd`, so that it needs no object of its own. */
  passwd: "keruta.dev/passwd",
  /** Why its driver gave up the start, as JSON: written with the end of the Job, so that a takeover knows. */
  failure: "keruta.dev/failure",
  defaultContainer: "kubectl.kubernetes.io/default-container",
} as const;

/**
 * Every Pod is made with this scheduling gate (decision 23). It is removed from one, whose name the queue has: no other
 * Pod of the Job, whoever makes it, starts the command.
 */
export const recordedGate = "keruta.dev/recorded";

/** `keruta-k7m2xqaf4t-1`: at most 21 characters, so that the Pod's name has room for its suffix. */
export function jobNameOf(taskId: string, attempt: number): string {
  return `keruta-${taskId}-${String(attempt)}`;
}

/** Of a task's volume that names no claim. */
export function claimNameOf(taskId: string, volume: string): string {
  return `keruta-${taskId}-${volume}`;
}
