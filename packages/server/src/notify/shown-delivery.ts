import type { Language } from "@keruta/shared/domain";
import type { Delivery, DeliveryState } from "@keruta/shared/queue";
import { describeMessage } from "./text/describe.ts";

/** A delivery as the API and `keruta notify list` show it. */
export interface ShownDelivery {
  readonly seq: number;
  readonly id: string;
  readonly channel: string;
  readonly state: DeliveryState;
  readonly subject: string;
  readonly taskIds: readonly string[];
  readonly tries: number;
  readonly createdAt: string;
  readonly nextTryAt: string | null;
  readonly endedAt: string | null;
  readonly detail: string | null;
  readonly digestId: string | null;
}

export function shownDelivery(delivery: Delivery, language: Language): ShownDelivery {
  const { seq, id, channel, state, message, tries, createdAt, nextTryAt, endedAt, digestId } = delivery;
  return {
    seq,
    id,
    channel,
    state,
    subject: describeMessage(message, { language, taskLink: "" }).subject,
    taskIds: message.tasks.map((task) => task.id),
    tries,
    createdAt,
    nextTryAt,
    endedAt,
    detail: delivery.detail && delivery.detail[language],
    digestId,
  };
}
