import { formatDuration, mainOf, type Observation } from "@keruta/shared/domain";
import type { Pod } from "../../cluster/objects.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { deletePod } from "./stop-attempt.ts";

export interface TimeLimit {
  /** Why the command was ended; null where it was not. */
  readonly passed: string | null;
  /** Milliseconds; null while nothing is to be ended. */
  readonly deadline: number | null;
  /** Takes what is known now, of which an earlier driver may have made the end. */
  look(pod: Pod | null, observation: Pick<Observation, "commandStartedAt" | "terminatingSince">): void;
  /** Ends the command's Pod once its time is over. May be called again after an error. */
  act(pod: Pod | null): Promise<void>;
}

/** Milliseconds: Kubernetes' times are whole seconds. */
const second = 1000;

/** Of a command without an agent that would see to it; `timeout` is null where there is one. */
export function createTimeLimit(deps: ClusterRunnerDeps, timeout: number | null): TimeLimit {
  let passed: string | null = null;
  let deadline: number | null = null;
  const pass = (limit: number) => {
    passed ??= `The command ran longer than ${formatDuration(limit)} and its Pod was deleted.`;
  };
  return {
    get passed() {
      return passed;
    },
    get deadline() {
      return passed === null ? deadline : null;
    },
    look(pod, { commandStartedAt, terminatingSince }) {
      if (timeout === null || commandStartedAt === null) return;
      deadline = Date.parse(commandStartedAt) + timeout;
      if (terminatingSince === null || terminatingSince + second <= deadline) return;
      const end = pod ? mainOf(pod)?.state?.terminated : undefined;
      if (!end || Date.parse(end.finishedAt ?? "") >= deadline) pass(timeout);
    },
    async act(pod) {
      if (timeout === null || deadline === null) return;
      if (!pod || passed !== null || deps.clock() < deadline) return;
      await deletePod(deps, pod);
      pass(timeout);
    },
  };
}
