export const taskStatuses = ["PENDING", "IN_PROGRESS", "COMPLETED", "FAILED", "CANCELLED"] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** What may happen to a task; every writer asks `nextStatus` first. */
export const taskEvents = ["claim", "complete", "fail", "tryAgain", "cancel", "retry"] as const;
export type TaskEvent = (typeof taskEvents)[number];

const transitions: Readonly<Record<TaskStatus, Partial<Readonly<Record<TaskEvent, TaskStatus>>>>> = {
  PENDING: { claim: "IN_PROGRESS", cancel: "CANCELLED" },
  IN_PROGRESS: { complete: "COMPLETED", fail: "FAILED", tryAgain: "PENDING", cancel: "CANCELLED" },
  COMPLETED: {},
  FAILED: { retry: "PENDING" },
  CANCELLED: {},
};

/** The status that follows, or undefined where the event is not allowed. */
export function nextStatus(status: TaskStatus, event: TaskEvent): TaskStatus | undefined {
  return transitions[status][event];
}

export function isTerminal(status: TaskStatus): boolean {
  return status === "COMPLETED" || status === "FAILED" || status === "CANCELLED";
}
