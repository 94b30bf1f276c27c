import type { Control, Progress } from "@keruta/shared/domain";
import { isKerutaError } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { RunnerDeps } from "./deps.ts";

export interface ControlSink {
  take(control: Control, time: number): void;
  /** Resolves when all that was taken is in the queue. */
  flush(): Promise<void>;
}

/**
 * Brings what a command reports into the queue: the latest progress only, one write at a time. Where the driver
 * itself sees the command start (`seesStart`), on a cluster, the agent's word for it is left alone.
 */
export function createControlSink(deps: RunnerDeps, claim: Claim, seesStart: boolean): ControlSink {
  let latest: Progress | undefined;
  let started: { readonly time: number } | undefined;
  let writing: Promise<void> | undefined;

  const write = async () => {
    while (latest !== undefined || started !== undefined) {
      const [progress, start] = [latest, started];
      latest = undefined;
      started = undefined;
      if (start) {
        const commandStartedAt = new Date(start.time).toISOString();
        await deps.queue.recordAttempt(claim.lease, { phase: "Running", commandStartedAt });
      }
      if (progress) await deps.queue.recordProgress(claim.lease, progress);
    }
  };

  return {
    take(control, time) {
      if (control.type === "started") {
        if (seesStart) return;
        deps.observer.phase("Running");
        if (control.restart === 0) started = { time };
      } else if (control.type === "progress") {
        latest = { percent: control.percent, message: control.message };
      } else {
        return;
      }
      writing ??= write().finally(() => (writing = undefined));
      // Kept for `flush`, which throws it; until then it is not unhandled.
      writing.catch(() => undefined);
    },
    async flush() {
      try {
        await writing;
      } catch (error) {
        // A lost lease shows at the next write of the log or the result, which matters more than progress.
        if (!isKerutaError(error)) throw error;
      }
    },
  };
}
