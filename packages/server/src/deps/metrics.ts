import type { Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";

/** What the server counts, in the words of Prometheus. */
export interface Metrics {
  request(method: string, status: number, seconds: number): void;
  claim(seconds: number): void;
  /** How long after its time an entry was stored. */
  logLag(seconds: number): void;
  /** Of an attempt that has ended. */
  attempt(task: Task, number: number): void;
  /** How the sending of a notification ended, by the kind of its channel. */
  notification(kind: string, outcome: "sent" | "failed" | "retried"): void;
  /** All of it as text, with the queue's state of now. */
  expose(queue: Pick<Queue, "queueStatus">): Promise<{ readonly type: string; readonly text: string }>;
}
