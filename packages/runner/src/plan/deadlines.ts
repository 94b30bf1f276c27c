import type { Planning } from "./planning.ts";

/** How long the sidecar keeps spool and artifacts for a driver after the command's end. */
export const collectDeadlineMilliseconds = 300_000;

/** For the Job until it is settled: whoever settles it sets the setting keruta.job.ttl. */
export const unsettledTtlSeconds = 86_400;

/** Above all of the attempt's own limits, for whatever those do not see. */
const marginMilliseconds = 600_000;

/** Left for the agent's last words after SIGKILL. */
const afterStopMilliseconds = 60_000;

/** The Pod's grace is one for all containers: the collect deadline, or the command's own where that is longer. */
export function terminationGraceSeconds({ spec }: Planning): number {
  return seconds(Math.max(collectDeadlineMilliseconds, spec.stopGrace + afterStopMilliseconds));
}

/** A distant backstop: the agent ends the command at its timeout, the driver a start that takes too long. */
export function podDeadlineSeconds({ spec }: Planning): number {
  const { timeout, pendingTimeout, stopGrace } = spec;
  return seconds(timeout + pendingTimeout + stopGrace + collectDeadlineMilliseconds + marginMilliseconds);
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
