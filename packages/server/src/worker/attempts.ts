import type { DriveOutcome, Timers } from "@keruta/runner/stages";
import { isKerutaError } from "@keruta/shared/domain";
import type { Claim, Queue } from "@keruta/shared/queue";
import { handBack, type Parking } from "./parking.ts";
import type { WorkerReport } from "./report.ts";

export interface DriveSignals {
  readonly cancel: AbortSignal;
  readonly detach: AbortSignal;
}

export type Drive = (claim: Claim, signals: DriveSignals) => Promise<DriveOutcome>;

/** The attempts that this worker drives. */
export interface Attempts {
  readonly live: number;
  start(claim: Claim): void;
  /** Ends what is live without its end: Jobs stay, commands of the local runner are cancelled. */
  handOver(): void;
  /** Resolves when none is live. */
  ended(): Promise<void>;
}

export interface AttemptsOptions {
  readonly queue: Queue;
  readonly drive: Drive;
  readonly report: WorkerReport;
  readonly parking: Parking;
  readonly timers: Timers;
  /** Who cancels, for the queue. */
  readonly user: string;
  readonly onEnd: (outcome: DriveOutcome | undefined) => void;
}

interface Live {
  readonly claim: Claim;
  readonly cancel: AbortController;
  readonly detach: AbortController;
  readonly ended: Promise<void>;
}

/** An attempt may be in the middle of what must not be left, or wait for a cluster that is away. */
const handOverMilliseconds = 10_000;

export function createAttempts(options: AttemptsOptions): Attempts {
  const { queue, drive, report, parking, timers, user, onEnd } = options;
  const live = new Set<Live>();

  const see = async (claim: Claim, signals: DriveSignals) => {
    report.started(claim);
    try {
      const outcome = await drive(claim, signals);
      parking.forget(claim);
      report.ended(claim, outcome);
      return outcome;
    } catch (error) {
      report.failed(claim, error, parking.park(claim));
      return undefined;
    }
  };
  /** The wish is stored first, so that whoever comes after a crash knows it; see `submit`. */
  const cancelStored = async ({ claim, cancel }: Live) => {
    try {
      await queue.cancelTask(claim.lease.taskId, user);
    } catch (error) {
      if (!isKerutaError(error)) throw error;
    } finally {
      cancel.abort();
    }
  };

  const ended = async () => {
    while (live.size > 0) await Promise.all([...live].map((one) => one.ended));
  };

  return {
    get live() {
      return live.size;
    },
    start(claim) {
      const cancel = new AbortController();
      const detach = new AbortController();
      const signals = { cancel: cancel.signal, detach: detach.signal };
      const seen = see(claim, signals).then((outcome) => {
        live.delete(one);
        onEnd(outcome);
      });
      const one: Live = { claim, cancel, detach, ended: seen };
      live.add(one);
    },
    handOver() {
      for (const one of live) {
        if (one.claim.attempt.runner === "local") void cancelStored(one);
        else one.detach.abort();
      }
      const insist = () => {
        // Its own heartbeat finds the lease gone, and ends what still goes on.
        for (const { claim } of live) if (claim.attempt.runner !== "local") void handBack(queue, claim);
      };
      const stop = timers.after(handOverMilliseconds, insist);
      void ended().then(stop);
    },
    ended,
  };
}
