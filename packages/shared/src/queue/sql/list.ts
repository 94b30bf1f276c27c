import { sql, type Expression, type SqlBool } from "kysely";
import type { LabelRequirement, NamespaceScope, TaskFilter, TaskOrder, TaskPage } from "../queue.ts";
import type { Context } from "./context.ts";
import { cursorInvalid } from "./failures.ts";
import { pendingOf } from "./pending.ts";
import { all, first, query, statement, type Builder, type Program, type Query } from "./program.ts";
import { attemptOf, taskOf } from "./rows.ts";
import type { AttemptRow, TaskRow } from "./schema.ts";
import { inNamespaces } from "./namespaces.ts";
import { folded } from "./folded.ts";

const defaultLimit = 50;
const maxLimit = 1000;

/** A cursor is the place of the last task shown: tasks added later do not move the next page. */
export function* listTasks(filter: TaskFilter, context: Context): Program<TaskPage> {
  const limit = Math.max(1, Math.min(filter.limit ?? defaultLimit, maxLimit));
  const rows = yield* all(pageQuery(filter, limit + 1));
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const latest = yield* latestAttempts(shown);
  const pendings = yield* pendingOf(shown, context);
  const total = filter.counted === true ? yield* first(countQuery(filter)) : undefined;
  return {
    items: shown.map((row) => {
      const attempt = latest.get(row.id);
      return taskOf(row, attempt ? [attemptOf(attempt)] : [], pendings.get(row.id) ?? null);
    }),
    nextCursor: last ? encodeCursor(filter.order ?? "newest", last) : null,
    ...(total && { total: Number(total.count) }),
  };
}

function pageQuery(filter: TaskFilter, limit: number): Query<TaskRow> {
  const { order = "newest", cursor } = filter;
  const after = cursor === undefined ? undefined : decodeCursor(order, cursor);
  return query((db) => {
    const found = db.selectFrom("tasks as t").selectAll().where(filterCondition(db, filter)).limit(limit);
    const page = after ? found.where(beyond(order, after)) : found;
    switch (order) {
      case "newest":
        return page.orderBy("t.seq", "desc");
      case "oldest":
        return page.orderBy("t.seq");
      case "priority":
        return page.orderBy("t.priority", "desc").orderBy("t.seq");
      case "updated":
        return page.orderBy("t.updated_at", "desc").orderBy("t.seq", "desc");
    }
  });
}

function countQuery(filter: TaskFilter): Query<{ count: number }> {
  return query((db) =>
    db
      .selectFrom("tasks as t")
      .select(sql<number>`count(*)`.as("count"))
      .where(filterCondition(db, filter)),
  );
}

function filterCondition(db: Builder, filter: TaskFilter): Expression<SqlBool> {
  const { statuses, namespaces, labels = [], search } = filter;
  const conditions: Expression<SqlBool>[] = labels.map((requirement) => labelCondition(db, requirement));
  if (statuses) conditions.push(sql<boolean>`t.status in (${sql.join([...statuses])})`);
  if (namespaces) conditions.push(inNamespaces(namespaces, "t.namespace"));
  if (search !== undefined && search !== "") conditions.push(searchCondition(search));
  return conditions.length === 0 ? sql<boolean>`1 = 1` : sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

/** What comes after the place in this order. */
function beyond(order: TaskOrder, { seq, value }: Place): Expression<SqlBool> {
  switch (order) {
    case "newest":
      return sql<boolean>`t.seq < ${seq}`;
    case "oldest":
      return sql<boolean>`t.seq > ${seq}`;
    case "priority":
      return sql<boolean>`(t.priority < ${value} or (t.priority = ${value} and t.seq > ${seq}))`;
    case "updated":
      return sql<boolean>`(t.updated_at < ${value} or (t.updated_at = ${value} and t.seq < ${seq}))`;
  }
}

/** As in Kubernetes, NotIn and DoesNotExist also match a task without the label. */
function labelCondition(db: Builder, { key, operator, values }: LabelRequirement): Expression<SqlBool> {
  const named = db
    .selectFrom("task_labels as l")
    .select(sql.lit(1).as("one"))
    .whereRef("l.task_id", "=", sql.ref("t.id"))
    .where("l.key", "=", key);
  const negative = operator === "NotIn" || operator === "DoesNotExist";
  const byValue = operator === "In" || operator === "NotIn";
  const matching = byValue ? named.where("l.value", "in", [...values]) : named;
  return negative ? sql<boolean>`not exists ${matching}` : sql<boolean>`exists ${matching}`;
}

function searchCondition(search: string): Expression<SqlBool> {
  const pattern = `%${folded(search).replaceAll(/[\\%_]/g, (wild) => `\\${wild}`)}%`;
  return sql<boolean>`exists (select 1 from task_search s
    where s.task_id = t.id and s.text like ${pattern} escape '\\')`;
}

function* latestAttempts(rows: readonly TaskRow[]): Program<ReadonlyMap<string, AttemptRow>> {
  const ids = rows.filter(({ last_attempt }) => last_attempt > 0).map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const attempts = yield* all(
    query((db) =>
      db
        .selectFrom("attempts as a")
        .innerJoin("tasks as t", (on) =>
          on.onRef("t.id", "=", "a.task_id").onRef("t.last_attempt", "=", "a.number"),
        )
        .selectAll("a")
        .where("a.task_id", "in", ids),
    ),
  );
  return new Map(attempts.map((attempt) => [attempt.task_id, attempt]));
}

interface Place {
  readonly seq: number;
  /** Of the column that the order goes by first. */
  readonly value: number;
}

/** `1:` goes by age alone, and needs no more. */
const cursorKinds = { newest: "1", oldest: "o", priority: "p", updated: "u" } as const;

function encodeCursor(order: TaskOrder, { seq, priority, updated_at }: TaskRow): string {
  const value = order === "priority" ? priority : updated_at;
  const place = order === "newest" || order === "oldest" ? [seq] : [seq, value];
  return Buffer.from([cursorKinds[order], ...place].join(":")).toString("base64url");
}

function decodeCursor(order: TaskOrder, cursor: string): Place {
  const text = Buffer.from(cursor, "base64url").toString();
  const [, kind, seq, value = "0"] = /^(\w):(\d{1,15})(?::(-?\d{1,15}))?$/.exec(text) ?? [];
  if (seq === undefined || kind !== cursorKinds[order]) throw cursorInvalid(cursor);
  return { seq: Number(seq), value: Number(value) };
}

const selectLabels = statement((db) =>
  db.selectFrom("task_labels").select(["key", "value"]).distinct().orderBy("key").orderBy("value"),
);

export function listLabels(
  namespaces?: NamespaceScope,
): Program<readonly { readonly key: string; readonly value: string }[]> {
  if (!namespaces) return all(selectLabels({}));
  return all(
    query((db) =>
      db
        .selectFrom("task_labels as l")
        .innerJoin("tasks as t", "t.id", "l.task_id")
        .select(["l.key", "l.value"])
        .distinct()
        .where(inNamespaces(namespaces, "t.namespace"))
        .orderBy("l.key")
        .orderBy("l.value"),
    ),
  );
}
