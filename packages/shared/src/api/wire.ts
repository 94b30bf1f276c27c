import type { ArtifactSummary } from "../domain/attempt/attempt.ts";
import type { NewTask } from "../domain/task/task.ts";
import type { TaskJson } from "../domain/task/task-json.ts";
import type { Claim, ClaimTerms, NamespaceScope, QueueStatus } from "../queue/queue.ts";

/** Names of the contract that both sides use; paths are below `/api`. */
export const leaseHeader = "keruta-lease";
export const requestIdHeader = "idempotency-key";
/** Log entries as frames (`domain/log/frame.ts`), one after the other. */
export const framesType = "application/vnd.keruta.frames";
/** The stream of `keruta-agent collect`: tar entries, the last of which is the trailer. */
export const archiveType = "application/x-tar";
export const eventStreamType = "text/event-stream";

/** A task as a caller sends it: a task file as JSON. */
export interface NewTaskJson extends NewTask {
  readonly apiVersion: string;
  readonly kind: "Task";
  /** The same as the header Idempotency-Key, which can hold no other characters than ASCII. */
  readonly requestId?: string;
}

/** Where an upload of artifacts goes on, and what the server takes of it. */
export interface UploadStart {
  /** Of an earlier upload that was taken, or refused for good: nothing more is to be sent. */
  readonly taken: ArtifactSummary | null;
  /** Files of the stream that are here already. */
  readonly from: number;
  /** Bytes of the next one that are. */
  readonly offset: number;
  /** Of one file, in bytes, and of all together. */
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
}

/** What `POST /claims` takes: terms, and one of nothing (the next task), an id, or a task to add. */
export interface ClaimBody {
  readonly terms: ClaimTerms;
  readonly taskId?: string;
  /** Fewer than the token's own; null stands for tasks that name none. */
  readonly namespaces?: NamespaceScope;
  readonly add?: NewTaskJson;
}

export interface ClaimAnswer {
  readonly claim: ClaimJson | null;
  /** Of `add`. */
  readonly task?: TaskJson;
  readonly created?: boolean;
}

export interface ClaimJson extends Omit<Claim, "task"> {
  readonly task: TaskJson;
}

export interface QueueJson extends QueueStatus {
  readonly uid: string;
  readonly name: string;
  /** Of the server. */
  readonly version: string;
}

/** `<task id>-<attempt>`: how an attempt's claim is addressed. */
export function claimId(taskId: string, attempt: number): string {
  return `${taskId}-${String(attempt)}`;
}
