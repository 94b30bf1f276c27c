import type { DriveOutcome } from "@keruta/runner/stages";
import type { Away } from "@keruta/server/worker";
import type { KerutaError, Text } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";

/** A worker's report as text or JSON; each resolves when it is written. */
export interface WorkerWords {
  ready(concurrency: number): Promise<void>;
  started(claim: Claim): Promise<void>;
  ended(claim: Claim, outcome: DriveOutcome): Promise<void>;
  failed(claim: Claim, error: unknown, milliseconds: number): Promise<void>;
  notice(claim: Claim, text: Text): Promise<void>;
  away(what: Away, error: KerutaError): Promise<void>;
  back(what: Away): Promise<void>;
  draining(live: number): Promise<void>;
  handingOver(live: number): Promise<void>;
}
