import { apiVersion, type NotifyMessage } from "@keruta/shared/domain";

export interface WebhookBodyOptions {
  /** The delivery's. */
  readonly id: string;
  /** ISO 8601: when the message was made. */
  readonly createdAt: string;
  readonly queueUid: string;
}

/** The body of a webhook: events in the one shape that they have everywhere, and the tasks they are of. */
export function webhookBody(message: NotifyMessage, { id, createdAt, queueUid }: WebhookBodyOptions): string {
  const { tasks, events, heldBack, omitted } = message;
  return JSON.stringify({
    apiVersion,
    kind: "EventList",
    id,
    createdAt,
    queue: queueUid,
    tasks,
    items: events,
    heldBack,
    omitted,
  });
}
