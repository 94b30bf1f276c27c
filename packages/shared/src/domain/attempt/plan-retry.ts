import type { RetrySpec } from "../task/spec.ts";
import type { Category, Reason } from "./reason.ts";

export interface RetryQuestion {
  readonly reason: Reason;
  readonly category: Category;
  readonly exitCode: number | null;
  /** Attempts made since the task was added or retried by a person, this one included. */
  readonly attemptsMade: number;
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubles with each further one. */
  readonly backoff: number;
  readonly on: NonNullable<RetrySpec["on"]>;
}

/** No wait between attempts is longer: 10 minutes, as the kubelet's longest image back-off is 5 and Job's 10. */
const maxBackoff = 600_000;

/** Milliseconds to wait before the next attempt, or null where there is none. */
export function planRetry(question: RetryQuestion): number | null {
  const { reason, category, exitCode, attemptsMade, attempts, backoff, on } = question;
  if (reason === "Completed" || category === "user" || attemptsMade >= attempts) return null;
  const wanted = on.some((word) => word === category || word === reason || Number(word) === exitCode);
  return wanted && on.length > 0 ? Math.min(backoff * 2 ** (attemptsMade - 1), maxBackoff) : null;
}
