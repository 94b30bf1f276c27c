import type { EventType } from "../../../domain/event.ts";
import type { Notice } from "../../../domain/notify/notice.ts";
import type { NotifyMessage } from "../../../domain/notify/message.ts";
import type { NewDelivery } from "../../notify.ts";
import { newToken, type Context } from "../context.ts";
import { all, first, run, statement, type Program } from "../program.ts";
import type { DeliveryRow, DeliveryTable, NoticeRow } from "../schema.ts";
import { noticeOf } from "./due.ts";

const deleteNotices = statement((db, p: { task: string }) =>
  db.deleteFrom("notices").where("task_id", "=", p.task).returningAll(),
);
const selectEvent = statement((db, p: { task: string; type: EventType; attempt: number }) =>
  db
    .selectFrom("events")
    .select("seq")
    .where("task_id", "=", p.task)
    .where("type", "=", p.type)
    .where((eb) => eb.or([eb("attempt", "=", p.attempt), eb("type", "=", "DeadlineMissed")]))
    .orderBy("seq", "desc")
    .limit(1),
);
const insertDelivery = statement(
  (
    db,
    p: Pick<DeliveryTable, "id" | "channel" | "message" | "created_at" | "tries" | "lease" | "lease_until">,
  ) =>
    db.insertInto("deliveries").values({
      id: p.id,
      channel: p.channel,
      state: "waiting",
      message: p.message,
      tries: p.tries,
      next_try_at: p.created_at,
      lease: p.lease,
      lease_until: p.lease_until,
      created_at: p.created_at,
    }),
);

export function* takeNotices(
  taskId: string,
  make: (notices: readonly Notice[]) => readonly NewDelivery[],
  context: Context,
): Program<number> {
  const rows = yield* all(deleteNotices({ task: taskId }));
  const notices: Notice[] = [];
  for (const row of rows.toSorted((a, b) => a.seq - b.seq)) {
    notices.push(noticeOf(row, yield* eventOf(row)));
  }
  if (notices.length === 0) return 0;
  const deliveries = make(notices);
  for (const { channel, message } of deliveries)
    yield* addDelivery({ id: newDeliveryId(context), channel, message }, null, context);
  return deliveries.length;
}

export function newDeliveryId(context: Context): string {
  return `msg_${newToken(context)}`;
}

/** With a lease: whoever adds it sends it. */
export function* addDelivery(
  { id, channel, message }: Pick<DeliveryRow, "id" | "channel"> & { readonly message: NotifyMessage },
  lease: { readonly token: string; readonly until: number } | null,
  context: Context,
): Program<void> {
  yield* run(
    insertDelivery({
      id,
      channel,
      message: JSON.stringify(message),
      created_at: context.clock(),
      tries: lease ? 1 : 0,
      lease: lease ? lease.token : null,
      lease_until: lease ? lease.until : 0,
    }),
  );
}

function* eventOf({ kind, task_id, attempt }: NoticeRow): Program<number | null> {
  if (kind === "log") return null;
  const type = kind === "failed" ? "TaskFinished" : "DeadlineMissed";
  return (yield* first(selectEvent({ task: task_id, type, attempt })))?.seq ?? null;
}
