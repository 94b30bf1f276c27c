import type { Attempt, Event, Task } from "../../../packages/shared/src/domain/index.ts";
import type { ArtifactFile } from "../../../packages/shared/src/queue/index.ts";
import type { FaultKind } from "../plan/fault-kinds.ts";
import type { TaskPlan } from "../plan/task-plan.ts";
import type { LogFacts } from "./read-log.ts";

/** A fault that came about. */
export interface Fault {
  readonly kind: FaultKind;
  /** Milliseconds since 1970; `until` is when what was away was back. */
  readonly at: number;
  readonly until: number;
  /** What it hit, in words. */
  readonly what: string;
  /** Of a process of keruta that it ended or stopped. */
  readonly pid?: number;
  /** Of an attempt whose Pod or processes it hit. */
  readonly attempt?: AttemptKey;
}

export interface AttemptKey {
  readonly taskId: string;
  readonly number: number;
}

export type Role = "submit" | "attach" | "wait" | "add" | "cancel" | "worker" | "server";

/** A process of keruta that has ended. */
export interface Run {
  readonly role: Role;
  readonly pid: number;
  readonly from: number;
  readonly to: number;
  readonly code: number | null;
  readonly signal: string | null;
  /** Key of the task that it was about. */
  readonly key: string | null;
  readonly crashPoint: string | null;
  /** The last that it said on stderr. */
  readonly lastWords: string;
  /** Of its standard output, where it is the task's own. */
  readonly printed: { readonly bytes: number; readonly sha256: string } | null;
}

/** A start of a command, as it told itself; one start has one name, however often it told. */
export interface Start {
  readonly key: string;
  readonly attempt: number;
  readonly name: string;
  readonly at: number;
}

export interface FileOnDisk {
  readonly path: string;
  readonly kind: "file" | "other";
  readonly bytes: number;
  readonly sha256: string;
}

export interface SeenAttempt {
  /** As it is in the end. */
  readonly attempt: Attempt;
  /** As it was when it was first seen to be settled; null where it was not seen before the end. */
  readonly first: Attempt | null;
  readonly log: LogFacts;
  readonly listed: readonly ArtifactFile[];
  /** In the store of artifacts. */
  readonly files: readonly FileOnDisk[];
}

/** All that is known of one planned task when all is over. */
export interface SeenTask {
  readonly plan: TaskPlan;
  /** Its id, as a process of keruta told it before or when it ended; null where none did. */
  readonly acceptedAs: string | null;
  /** All tasks of the queue with its title. */
  readonly found: readonly Task[];
  readonly events: readonly Event[];
  readonly attempts: readonly SeenAttempt[];
  readonly starts: readonly Start[];
  readonly runs: readonly Run[];
  /** When its cancel was accepted. */
  readonly cancelledAt: number | null;
}

export interface History {
  readonly tasks: readonly SeenTask[];
  readonly faults: readonly Fault[];
  /** Of workers and servers, and of what is about no task alone. */
  readonly runs: readonly Run[];
  /** What is there and should not be: processes, directories, Jobs, Pods, Secrets, problems of the database. */
  readonly left: readonly string[];
  /** Places where the secret's value was found. */
  readonly leaks: readonly string[];
  /** Artifacts that were visible and not whole, or paths outside their directory, while it ran. */
  readonly glimpses: readonly string[];
}

type PromiseNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** A promise that is not kept. */
export interface Breach {
  readonly promise: PromiseNumber;
  /** Key of the task, or null where it is no single task's. */
  readonly key: string | null;
  readonly what: string;
}
