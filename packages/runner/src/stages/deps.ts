import type { ProcessTable, Queue } from "@keruta/shared/queue";
import type { CancelWishes } from "./cancel-wishes.ts";
import type { AttemptObserver } from "./observer.ts";
import type { RunSettings } from "./run-settings.ts";
import type { Timers } from "./timers.ts";

/** What every runner works with; the surroundings are inputs. */
export interface RunnerDeps {
  readonly queue: Queue;
  readonly settings: RunSettings;
  readonly observer: AttemptObserver;
  readonly processes: ProcessTable;
  readonly timers: Timers;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Aborts when the person in front of this driver wants the task stopped. */
  readonly cancel: AbortSignal;
  /** Of a process that drives many attempts; one alone listens for itself. */
  readonly cancelWishes?: CancelWishes | undefined;
  /** A test kills the process at a named point; elsewhere it does nothing. */
  readonly crashPoint: (name: DriveCrashPoint) => void;
}

/**
 * Between any two of these the driver may die, and the next one settles the attempt. `prepared` is the local
 * runner's alone; `submitting` to `recorded` lie around the Job's POST, and those of the secret come only where agents
 * report to a server; at `pod-recorded` the Pod waits for its gate to be removed.
 */
export const driveCrashPoints = [
  "claimed",
  "prepared",
  "submitting",
  "claims-made",
  "secret-made",
  "submitted",
  "secret-given",
  "recorded",
  "pod-recorded",
  "started",
  "running",
  "ended",
  "logged",
  "collected",
  "settled",
] as const;
export type DriveCrashPoint = (typeof driveCrashPoints)[number];
