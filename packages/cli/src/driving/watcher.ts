import type { ReceiveProgress } from "@keruta/runner/artifacts";
import type { AttemptPhase, LogEntry, Task, Text } from "@keruta/shared/domain";

/** Where an attempt's log and events go while somebody drives or follows a task. */
export interface Watcher {
  attempt(task: Task): Promise<void>;
  phase(phase: AttemptPhase): void;
  entries(task: Task, entries: readonly LogEntry[]): Promise<void>;
  notice(text: Text): void;
  artifacts(progress: ReceiveProgress): void;
  /** The task has ended, or waits for its next attempt. */
  settled(task: Task): Promise<void>;
  /** Resolves when everything said so far is written. */
  flush(): Promise<void>;
}
