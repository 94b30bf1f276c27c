import { ownTime, type Retention } from "./expired.ts";
import type { TaskSpec } from "../task/spec.ts";

/** When blocks of a log move from the database to the archive; 0: never for that reason. */
export interface Rotation {
  /** Of one attempt's log in the database, before compression. */
  readonly bytes: number;
  /** Milliseconds since a block's last entry; of an ended task, since its end. */
  readonly age: number;
}

interface Block {
  readonly lastTime: number;
}

interface Log {
  readonly rawBytes: number;
  readonly firstTime: number;
  /** Milliseconds since 1970; null where the task has not ended. */
  readonly endedAt: number | null;
  readonly spec: TaskSpec;
}

export interface RotationRule {
  readonly rotation: Rotation;
  readonly usual: Pick<Retention, "logs">;
}

/** Whether blocks of a log may be due: a look at the whole of it, before one at each block. */
export function mayBeDue(log: Log, rule: RotationRule, now: number): boolean {
  return isWhollyDue(log, rule, now) || isOver(log.firstTime, rule.rotation.age, now);
}

/** How many blocks of a log move, from its beginning: what is archived is always its older part. */
export function countDue(log: Log, blocks: readonly Block[], rule: RotationRule, now: number): number {
  if (isWhollyDue(log, rule, now)) return blocks.length;
  // An ended task is read as a whole or not at all.
  if (log.endedAt !== null) return 0;
  const young = blocks.findIndex(({ lastTime }) => !isOver(lastTime, rule.rotation.age, now));
  return young === -1 ? blocks.length : young;
}

function isWhollyDue({ rawBytes, endedAt, spec }: Log, { rotation, usual }: RotationRule, now: number) {
  if (rotation.bytes > 0 && rawBytes >= rotation.bytes) return true;
  if (endedAt === null) return false;
  const kept = ownTime(spec.retention?.logs, usual.logs);
  return isOver(endedAt, rotation.age, now) || isOver(endedAt, kept, now);
}

function isOver(from: number, time: number, now: number): boolean {
  return time > 0 && from + time <= now;
}
