import type { ReceiveProgress } from "../artifacts/index.ts";
import type { AttemptPhase, KerutaError, LogEntry, Text } from "@keruta/shared/domain";

/** Who watches an attempt while it is driven: the terminal of `submit`, a worker's own log. */
export interface AttemptObserver {
  phase(phase: AttemptPhase): void;
  /** Resolves when they are taken: a slow reader slows the follower, and so the command. */
  entries(entries: readonly LogEntry[]): Promise<void>;
  notice(text: Text): void;
  /** The cluster has not answered for a while, by the error of the first time; null: it answers again. */
  outage(error: KerutaError | null): void;
  /** Artifacts come; called for each chunk. */
  artifacts(progress: ReceiveProgress): void;
}
