import { parseDuration } from "../duration.ts";
import type { TaskSpec } from "../task/spec.ts";

/** How long what a task leaves is kept after its end, in milliseconds; 0: for ever. */
export interface Retention {
  /** In the database. */
  readonly logs: number;
  /** What was archived of a log; 0: as long as its task. */
  readonly archivedLogs: number;
  readonly artifacts: number;
  readonly tasks: number;
  /** Whether logs over their time are archived: none is removed before it is. */
  readonly isArchiving: boolean;
}

export interface Expired {
  /** Wherever it lies. */
  readonly log: boolean;
  readonly artifacts: boolean;
  /** The task itself, and with it all that it has. */
  readonly task: boolean;
}

export interface EndedTask {
  readonly spec: TaskSpec;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** Whether the database, and whether the archive, has a part of its log. */
  readonly isLogHeld: boolean;
  readonly isLogArchived: boolean;
}

/**
 * What of an ended task is over its time: the task's own word for logs and artifacts, else the settings'. A log of which
 * a part is archived stays whole until the archive's own time is over.
 */
export function expiredOf(task: EndedTask, usual: Retention, now: number): Expired {
  const { spec, endedAt, isLogHeld, isLogArchived } = task;
  const isOver = (time: number) => time > 0 && endedAt + time <= now;
  const logs = isOver(ownTime(spec.retention?.logs, usual.logs));
  const artifacts = artifactsExpired(task, usual, now);
  const isKeptInArchive = isLogArchived && usual.archivedLogs > 0 && !isOver(usual.archivedLogs);
  const isToBeArchived = isLogHeld && usual.isArchiving;
  const log = isLogArchived ? isOver(usual.archivedLogs) && logs : logs && !isToBeArchived;
  return {
    log,
    artifacts,
    // What a task asks to keep keeps the task.
    task: isOver(usual.tasks) && logs && artifacts && !isKeptInArchive && (log || !isToBeArchived),
  };
}

/** The same of artifacts alone. */
export function artifactsExpired(
  { spec, endedAt }: Pick<EndedTask, "spec" | "endedAt">,
  usual: Pick<Retention, "artifacts">,
  now: number,
): boolean {
  const time = ownTime(spec.retention?.artifacts, usual.artifacts);
  return time > 0 && endedAt + time <= now;
}

/** A task's own time in milliseconds, where it says one. */
export function ownTime(text: string | undefined, otherwise: number): number {
  return text === undefined || text === "" ? otherwise : (parseDuration(text) ?? otherwise);
}
