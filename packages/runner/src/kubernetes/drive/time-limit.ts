import { formatDuration } from "@keruta/shared/domain";
import type { Pod } from "../../cluster/objects.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { deletePod } from "./stop-attempt.ts";

export interface TimeLimit {
  /** Why the command was ended; null where it was not. */
  readonly passed: string | null;
  /** Milliseconds; null while nothing is to be ended. */
  readonly deadline: number | null;
  /** Ends the command's Pod once its time is over. */
  act(pod: Pod | null, commandStartedAt: string | null): Promise<void>;
}

/** Of a command without an agent that would see to it; `timeout` is null where there is one. */
export function createTimeLimit(deps: ClusterRunnerDeps, timeout: number | null): TimeLimit {
  let passed: string | null = null;
  let deadline: number | null = null;
  return {
    get passed() {
      return passed;
    },
    get deadline() {
      return passed === null ? deadline : null;
    },
    async act(pod, commandStartedAt) {
      if (timeout === null || commandStartedAt === null) return;
      deadline = Date.parse(commandStartedAt) + timeout;
      if (!pod || passed !== null || deps.clock() < deadline) return;
      passed = `The command ran longer than ${formatDuration(timeout)} and its Pod was deleted.`;
      await deletePod(deps, pod);
    },
  };
}
