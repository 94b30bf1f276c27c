import type { ReceiveProgress } from "../artifacts/index.ts";
import type { AttemptPhase, LogEntry, Text } from "@keruta/shared/domain";

/** Who watches an attempt while it is driven: the terminal of `submit`, a worker's own log. */
export interface AttemptObserver {
  phase(phase: AttemptPhase): void;
  /** Resolves when they are taken: a slow reader slows the follower, and so the command. */
  entries(entries: readonly LogEntry[]): Promise<void>;
  notice(text: Text): void;
  /** Artifacts come; called for each chunk. */
  artifacts(progress: ReceiveProgress): void;
}
