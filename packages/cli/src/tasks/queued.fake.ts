import type { AttemptResult, LogEntry, NewTask, StreamName, Task } from "@keruta/shared/domain";
import type { ArtifactFile, Claim, Queue } from "@keruta/shared/queue";

const holder = { host: "h", user: "u", pid: 1, bootId: "", pidNamespace: "", startTime: "1" };

export async function addTask(queue: Queue, task: Partial<NewTask> = {}): Promise<Task> {
  const draft = {
    title: "a task",
    description: "",
    priority: 0,
    labels: {},
    spec: { command: ["true"] },
    ...task,
  };
  return (await queue.addTask({ ...draft, createdBy: "alice@example" })).task;
}

/** Starts the task, as a driver does. */
export async function startTask(queue: Queue, taskId: string): Promise<Claim> {
  const claim = await queue.claim({ holder, runners: ["local"], defaultRunner: "local", taskId });
  if (!claim) throw new Error(`${taskId} cannot be claimed`);
  return claim;
}

export function line(
  sequence: number,
  text: string | Uint8Array,
  stream: StreamName = "stdout",
  newline = true,
): LogEntry {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const time = Date.parse("2026-03-01T09:00:00.000Z") + sequence * 1000;
  const level = stream === "stdout" ? "INFO" : "WARN";
  return { kind: "output", sequence, time, stream, level, bytes, newline };
}

export interface Ending extends Partial<AttemptResult> {
  readonly files?: readonly ArtifactFile[];
}

/** Ends the attempt for good. */
export async function endTask(
  queue: Queue,
  { lease }: Claim,
  { files, ...result }: Ending = {},
): Promise<Task> {
  if (files) await queue.recordArtifacts(lease, files);
  const ending: AttemptResult = {
    finishedAt: "2026-03-01T10:00:00.000Z",
    exitCode: 0,
    signal: null,
    reason: "Completed",
    category: "command",
    retryable: false,
    message: "",
    peakMemoryBytes: null,
    log: { bytes: 0, sha256: "", complete: true },
    artifacts: files ? { status: "Collected", files: files.length, bytes: 0, message: "" } : null,
    ...result,
  };
  return await queue.settle(lease, ending, null);
}
