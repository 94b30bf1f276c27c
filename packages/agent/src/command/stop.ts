import type { ProcessGroup } from "./process-group.ts";

type StopReason = "cancel" | "driver-lost" | "timeout" | "signal";

/** Why and how the command is stopped before its own end. */
export interface Stop {
  /** The first reason counts; the group that runs gets SIGTERM, and SIGKILL after the grace. */
  request(reason: StopReason): void;
  /** Passes a signal on, without a reason of our own to stop. */
  forward(name: NodeJS.Signals): void;
  /** The group that a request is for, until `left`. */
  enter(group: ProcessGroup): void;
  left(): void;
  readonly reason: StopReason | null;
  /** Whether the group that was entered last was passed a signal that is no request. */
  readonly hasForwarded: boolean;
  /** Aborted with the first request. */
  readonly signal: AbortSignal;
}

/** Signals that ask a process to end. */
const endingSignals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"];

export function createStop(grace: number, clock: () => number): Stop {
  const requested = new AbortController();
  let reason: StopReason | null = null;
  let group: ProcessGroup | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  let firstForwarded: number | undefined;
  let hasForwarded = false;

  const terminate = (): void => {
    if (!group) return;
    group.signal("SIGTERM");
    killTimer ??= setTimeout(() => group?.signal("SIGKILL"), grace);
  };

  return {
    request(why) {
      if (reason !== null) return;
      reason = why;
      requested.abort();
      terminate();
    },
    forward(name) {
      if (name === "SIGTERM" && reason === null) {
        this.request("signal");
        return;
      }
      const now = clock();
      hasForwarded ||= group !== undefined;
      const isLate = firstForwarded !== undefined && now - firstForwarded >= grace;
      if (endingSignals.includes(name)) firstForwarded ??= now;
      group?.signal(isLate && endingSignals.includes(name) ? "SIGKILL" : name);
    },
    enter(next) {
      group = next;
      hasForwarded = false;
      if (reason !== null) terminate();
    },
    left() {
      group = undefined;
      clearTimeout(killTimer);
    },
    get reason() {
      return reason;
    },
    get hasForwarded() {
      return hasForwarded;
    },
    signal: requested.signal,
  };
}
