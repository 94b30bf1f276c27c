import { parseDuration } from "../duration.ts";
import type { TaskSpec } from "../task/spec.ts";

/** How long what a task leaves is kept after its end, in milliseconds; 0: for ever. */
export interface Retention {
  readonly logs: number;
  readonly artifacts: number;
  readonly tasks: number;
}

export interface Expired {
  readonly log: boolean;
  readonly artifacts: boolean;
  /** The task itself, and with it all that it has. */
  readonly task: boolean;
}

/** What of an ended task is over its time: the task's own word for logs and artifacts, else the settings'. */
export function expiredOf(spec: TaskSpec, endedAt: number, usual: Retention, now: number): Expired {
  const isOver = (time: number) => time > 0 && endedAt + time <= now;
  const own = (text: string | undefined, otherwise: number) =>
    text === undefined || text === "" ? otherwise : (parseDuration(text) ?? otherwise);
  const logs = own(spec.retention?.logs, usual.logs);
  const artifacts = own(spec.retention?.artifacts, usual.artifacts);
  return {
    log: isOver(logs),
    artifacts: isOver(artifacts),
    // What a task asks to keep keeps the task.
    task: isOver(usual.tasks) && isOver(logs) && isOver(artifacts),
  };
}
