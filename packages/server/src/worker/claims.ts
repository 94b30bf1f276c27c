import { isTransient } from "@keruta/runner/cluster";
import { isKerutaError, mayRetry, type ErrorCode, type KerutaError } from "@keruta/shared/domain";
import type { Claim, ClaimTerms, Queue } from "@keruta/shared/queue";
import { createOutage } from "./outage.ts";
import type { Away, WorkerReport } from "./report.ts";

/** What the worker claims with; either answer may be the milliseconds until it is worth asking again. */
export interface Claims {
  /** What may be claimed now. Throws what no waiting mends, as long as nothing was ever reached. */
  terms(): Promise<ClaimTerms | number>;
  /** null where nothing may run now. */
  next(terms: ClaimTerms): Promise<Claim | null | number>;
}

export interface ClaimsOptions {
  readonly queue: Queue;
  readonly reach: () => Promise<ClaimTerms>;
  readonly report: WorkerReport;
  readonly random: () => number;
  /** Called once, when the cluster has answered for the first time. */
  readonly onReached: (terms: ClaimTerms) => void;
}

export function createClaims({ queue, reach, report, random, onReached }: ClaimsOptions): Claims {
  const outages = {
    queue: createOutage("queue", report, random),
    cluster: createOutage("cluster", report, random),
  };
  let wasReached = false;
  return {
    async terms() {
      try {
        const terms = await reach();
        outages.cluster.answered();
        if (!wasReached) onReached(terms);
        wasReached = true;
        return terms;
      } catch (error) {
        // Tokens are renewed and rights given back: who was at work waits for it.
        if (!isAway(error) && !(wasReached && isKerutaError(error))) throw error;
        return outages[whatIsAway(error)].failed(error);
      }
    },
    async next(terms) {
      try {
        const claim = await queue.claim(terms);
        outages.queue.answered();
        return claim ?? null;
      } catch (error) {
        if (!isKerutaError(error) || noWaitingMends.has(error.code)) throw error;
        return outages.queue.failed(error);
      }
    },
  };
}

/** A full disk is emptied, a lock let go, a password mended; not these. */
const noWaitingMends: ReadonlySet<ErrorCode> = new Set([
  "KRT_DB_CORRUPT",
  "KRT_DB_NOT_A_DATABASE",
  "KRT_DB_NEWER",
]);

/** Whether it comes back by itself. */
function isAway(error: unknown): error is KerutaError {
  return isTransient(error) || mayRetry(error);
}

function whatIsAway({ code }: KerutaError): Away {
  return code.startsWith("KRT_DB_") || code.startsWith("KRT_SERVER_") ? "queue" : "cluster";
}
