import type { Attempt } from "../attempt/attempt.ts";
import type { TaskSpec } from "./spec.ts";
import type { TaskStatus } from "./status.ts";

export const apiVersion = "keruta/v1";

/** What a person writes: a task file without its envelope. */
export interface NewTask {
  readonly title: string;
  readonly description: string;
  /** Higher runs first; first in, first out within one priority. */
  readonly priority: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: TaskSpec;
}

export interface Progress {
  /** 0 to 100, or null while the command has said nothing. */
  readonly percent: number | null;
  readonly message: string;
}

export const blockReasons = [
  "priority",
  "held",
  "paused",
  "notBefore",
  "concurrency",
  "noDriver",
  "cluster",
] as const;
export type BlockReason = (typeof blockReasons)[number];

/** Why a PENDING task does not run yet, in one sentence. */
export interface Pending {
  /** 1 is next among the tasks that may run; null for one that may not. */
  readonly position: number | null;
  readonly blockedBy: BlockReason;
  /** English; `pendingText` says it in each language. */
  readonly message: string;
  readonly since: string;
  /** What the sentence is made of, for programs. */
  readonly details: PendingDetails;
}

export interface PendingDetails {
  readonly notBefore?: string;
  readonly concurrencyKey?: string;
  readonly concurrencyLimit?: number;
  /** Ids of the tasks that hold the key. */
  readonly heldBy?: readonly string[];
  /** Tasks that may run and come first. */
  readonly ahead?: number;
}

export interface Task extends NewTask {
  readonly id: string;
  readonly status: TaskStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
  readonly requestId: string | null;
  readonly cancelRequestedAt: string | null;
  readonly progress: Progress;
  readonly pending: Pending | null;
  /** The latest attempt; `attempts` has all, oldest first. */
  readonly attempt: Attempt | null;
  readonly attempts: readonly Attempt[];
}
