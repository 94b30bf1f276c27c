import { sql } from "kysely";
import type { Event, EventType } from "../../domain/event.ts";
import { eventPageSize, type EventFilter } from "../queue.ts";
import { inNamespaces } from "./namespaces.ts";
import { all, first, query, run, statement, type Program, type Query } from "./program.ts";
import type { EventRow, EventTable } from "./schema.ts";
import { isoTime } from "./time.ts";

/** In the place of a task's id: a row that only keeps its number. */
const nobody = "";

const insertEvent = statement<Omit<EventTable, "seq">>(
  (db, p) =>
    db
      .insertInto("events")
      .values({ time: p.time, task_id: p.task_id, attempt: p.attempt, type: p.type, data: p.data }),
  // A reader that has seen a number never looks below it again, so numbers are to be committed in their order.
  { atEnd: true },
);

export interface NewEvent {
  readonly type: EventType;
  readonly time: number;
  readonly taskId: string;
  readonly attempt: number | null;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Always in the transaction of the change that it tells of. */
export function* recordEvent({ type, time, taskId, attempt, data }: NewEvent): Program<void> {
  yield* run(insertEvent({ time, task_id: taskId, attempt, type, data: data ? JSON.stringify(data) : "{}" }));
}

const selectEvents = statement((db, p: { after: number }) =>
  db
    .selectFrom("events")
    .selectAll()
    .where("seq", ">", p.after)
    .where("task_id", "<>", nobody)
    .orderBy("seq")
    .limit(eventPageSize),
);

const selectTaskEvents = statement((db, p: { after: number; task: string }) =>
  db
    .selectFrom("events")
    .selectAll()
    .where("task_id", "=", p.task)
    .where("seq", ">", p.after)
    .orderBy("seq")
    .limit(eventPageSize),
);

export function* readEvents(filter: EventFilter): Program<readonly Event[]> {
  const rows = yield* all(pageOf(filter));
  return rows.map((row) => ({
    apiVersion: "keruta/v1",
    kind: "Event",
    type: row.type,
    time: isoTime(row.time),
    taskId: row.task_id,
    attempt: row.attempt,
    seq: row.seq,
    data: JSON.parse(row.data) as Readonly<Record<string, unknown>>,
  }));
}

const emptyNewest = statement(
  (_, p: { task: string }) => sql`
    update events set task_id = ${nobody}, attempt = null, data = '{}'
    where task_id = ${p.task} and seq = (select max(seq) from events)`,
);
const deleteEvents = statement(
  (_, p: { task: string }) => sql`
    delete from events where task_id in (${p.task}, ${nobody}) and seq < (select max(seq) from events)`,
);

/**
 * The newest event of all leaves its number behind: SQLite would give it again, and readers who have seen it would never
 * hear of what comes under it.
 */
export function* removeEvents(task: string): Program<void> {
  yield* run(emptyNewest({ task }));
  yield* run(deleteEvents({ task }));
}

const selectLast = statement((db) => db.selectFrom("events").select("seq").orderBy("seq", "desc").limit(1));

export function* lastEventSeq(): Program<number> {
  return (yield* first(selectLast({})))?.seq ?? 0;
}

function pageOf({ after, taskId, namespaces }: EventFilter): Query<EventRow> {
  if (!namespaces)
    return taskId === undefined ? selectEvents({ after }) : selectTaskEvents({ after, task: taskId });
  return query((db) => {
    const page = db
      .selectFrom("events as e")
      .innerJoin("tasks as t", "t.id", "e.task_id")
      .selectAll("e")
      .where("e.seq", ">", after)
      .where(inNamespaces(namespaces, "t.namespace"))
      .orderBy("e.seq")
      .limit(eventPageSize);
    return taskId === undefined ? page : page.where("e.task_id", "=", taskId);
  });
}
