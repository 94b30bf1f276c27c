import type { DriveOutcome } from "@keruta/runner/stages";
import type { KerutaError } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";

export type Away = "queue" | "cluster";

/** Where the worker says what it does. Nothing of it waits for the reader. */
export interface WorkerReport {
  ready(concurrency: number): void;
  started(claim: Claim): void;
  ended(claim: Claim, outcome: DriveOutcome): void;
  /** This worker could not drive the attempt; it is handed back after `milliseconds`. */
  failed(claim: Claim, error: unknown, milliseconds: number): void;
  /** Said once for an outage. */
  away(what: Away, error: KerutaError): void;
  back(what: Away): void;
  draining(live: number): void;
  handingOver(live: number): void;
}
