import { sql } from "kysely";
import type { NotifyMessage } from "../../../domain/notify/message.ts";
import type { Text } from "../../../domain/text.ts";
import type { ClaimedDelivery, Delivery, DeliveryFilter, DeliveryOutcome } from "../../notify.ts";
import type { Context } from "../context.ts";
import { all, query, run, statement, type Program } from "../program.ts";
import type { DeliveryRow, DeliveryTable } from "../schema.ts";
import { isoTime, isoTimeOrNull, millisecondsOf } from "../time.ts";

type OutcomeParams = Pick<DeliveryTable, "state" | "ended_at" | "detail" | "recipients" | "next_try_at"> & {
  readonly id: string;
  readonly lease: string;
};

const writeOutcome = statement((db, p: OutcomeParams) =>
  db
    .updateTable("deliveries")
    .set({
      state: p.state,
      ended_at: p.ended_at,
      detail: p.detail,
      recipients: p.recipients,
      next_try_at: p.next_try_at,
      lease: null,
      lease_until: 0,
    })
    .where("id", "=", p.id)
    .where("lease", "=", p.lease)
    .where(sql<boolean>`state = 'waiting'`),
);

export function* recordOutcome(
  { id, lease }: ClaimedDelivery,
  outcome: DeliveryOutcome,
  { clock }: Context,
): Program<boolean> {
  const now = clock();
  const isWaiting = outcome.state === "waiting";
  const changed = yield* run(
    writeOutcome({
      id,
      lease,
      state: outcome.state,
      ended_at: isWaiting ? null : now,
      detail: JSON.stringify(outcome.detail),
      recipients: isWaiting && outcome.recipients ? JSON.stringify(outcome.recipients) : null,
      next_try_at: isWaiting ? now + Math.round(outcome.after) : now,
    }),
  );
  return changed > 0;
}

export function* listDeliveries(filter: DeliveryFilter): Program<readonly Delivery[]> {
  const { limit, before = Number.MAX_SAFE_INTEGER, state, since } = filter;
  const rows = yield* all(
    query((db) => {
      let page = db.selectFrom("deliveries").selectAll().where("seq", "<", before);
      if (state !== undefined) page = page.where("state", "=", state);
      if (since !== undefined) {
        const from = millisecondsOf(since);
        page = page.where((eb) => eb.or([eb("ended_at", "is", null), eb("ended_at", ">=", from)]));
      }
      return page.orderBy("seq", "desc").limit(limit);
    }),
  );
  return rows.map(deliveryOf);
}

const deleteEnded = statement((db, p: { before: number }) =>
  db.deleteFrom("deliveries").where("ended_at", "<", p.before),
);

export function* sweepDeliveries(milliseconds: number, { clock }: Context): Program<void> {
  yield* run(deleteEnded({ before: clock() - milliseconds }));
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return {
    seq: row.seq,
    id: row.id,
    channel: row.channel,
    state: row.state,
    message: JSON.parse(row.message) as NotifyMessage,
    tries: row.tries,
    createdAt: isoTime(row.created_at),
    nextTryAt: row.state === "waiting" ? isoTime(row.next_try_at) : null,
    endedAt: isoTimeOrNull(row.ended_at),
    detail: row.detail === null ? null : (JSON.parse(row.detail) as Text),
    digestId: row.digest_id,
    recipients: row.recipients === null ? null : (JSON.parse(row.recipients) as readonly string[]),
  };
}
