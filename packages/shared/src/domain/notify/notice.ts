import type { Category, Reason } from "../attempt/reason.ts";

/** What is to be told of a task: written in the transaction of the fact, told later. Times are ISO 8601, UTC. */
export type Notice = LogNotice | FailureNotice | DeadlineNotice;

/** Log records of one attempt since the last message about it. */
export interface LogNotice {
  readonly kind: "log";
  readonly attempt: number;
  readonly errors: number;
  /** Counted in full only while something asks for them. */
  readonly warnings: number;
  /** No record that is counted comes before it. */
  readonly firstSequence: number;
  readonly time: string;
  readonly lastTime: string;
}

/** The task is FAILED, and nothing is tried again. */
export interface FailureNotice {
  readonly kind: "failed";
  readonly attempt: number;
  readonly time: string;
  readonly reason: Reason;
  readonly category: Category;
  readonly exitCode: number | null;
  readonly message: string;
  /** Of the event that told it; null where it is gone already. */
  readonly eventSeq: number | null;
}

/** The task had not ended by `spec.deadline`. */
export interface DeadlineNotice {
  readonly kind: "deadline";
  readonly time: string;
  readonly deadline: string;
  readonly eventSeq: number | null;
}

/** The least level of a log record that anybody is told of. */
export type NoticeLevel = "WARN" | "ERROR";

/** What writers are to note; all else costs them nothing. */
export interface NoticeWatch {
  readonly log: NoticeLevel | null;
  readonly failed: boolean;
  readonly deadline: boolean;
}
