import type { Control } from "./control.ts";
import type { GapReason } from "./entry.ts";
import type { Level, StreamName } from "./stream.ts";

/** A log entry as users see it: `keruta logs -o jsonl`, the API and the panel (design section 8). */
export interface LogRecord {
  readonly timestamp: string;
  readonly level: Level;
  readonly taskId: string;
  readonly jobName: string | null;
  readonly podName: string | null;
  readonly attempt: number;
  readonly sequence: number;
  readonly message: string;
  readonly kind?: "control" | "gap";
  readonly stream?: StreamName;
  /** Only where the bytes are not UTF-8. */
  readonly messageBase64?: string;
  /** Only where the entry did not end with a newline. */
  readonly newline?: false;
  readonly control?: Control;
  readonly gap?: {
    readonly lastSequence: number;
    readonly stdoutBytes: number | null;
    readonly stderrBytes: number | null;
    readonly reason: GapReason;
  };
}
