import type { Attempt, LogEntry } from "@keruta/shared/domain";

/** Takes entries in the order in which they are to be seen. */
export interface LogPrinter {
  print(taskId: string, attempt: Attempt, entry: LogEntry): Promise<void>;
  /** Everything printed so far is out. */
  flush(): Promise<void>;
  /** Once, at the end. */
  end(): Promise<void>;
}

export interface LogOutput {
  readonly isTTY: boolean;
  readonly write: (data: string | Uint8Array) => Promise<void>;
}
