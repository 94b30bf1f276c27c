import type { Task } from "@keruta/shared/domain";

/** When the retries of this worker's own attempts fall due: nothing in the queue tells of it at that time. */
export interface DueTimes {
  note(task: Task): void;
  /** Milliseconds since 1970; null where none is known. */
  next(): number | null;
  /** What is due now is found by the look that begins. */
  forget(now: number): void;
}

/** More than these are found by the next look after their time. */
const most = 1000;

export function createDueTimes(): DueTimes {
  const times = new Set<number>();
  return {
    note({ status, pending }) {
      const at = Date.parse(pending?.details.notBefore ?? "");
      if (status === "PENDING" && !Number.isNaN(at) && times.size < most) times.add(at);
    },
    next: () => (times.size === 0 ? null : Math.min(...times)),
    forget(now) {
      for (const time of times) if (time <= now) times.delete(time);
    },
  };
}
