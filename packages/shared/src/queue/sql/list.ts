import { sql, type Expression, type SqlBool } from "kysely";
import type { LabelRequirement, NamespaceScope, TaskFilter, TaskPage } from "../queue.ts";
import type { Context } from "./context.ts";
import { cursorInvalid } from "./failures.ts";
import { pendingOf } from "./pending.ts";
import { all, query, statement, type Builder, type Program, type Query } from "./program.ts";
import { attemptOf, taskOf } from "./rows.ts";
import type { AttemptRow, TaskRow } from "./schema.ts";
import { inNamespaces } from "./namespaces.ts";
import { folded } from "./task-columns.ts";

const defaultLimit = 50;
const maxLimit = 1000;

/** A cursor is the age of the last task shown: tasks added later are newer and do not move the next page. */
export function* listTasks(filter: TaskFilter, context: Context): Program<TaskPage> {
  const limit = Math.max(1, Math.min(filter.limit ?? defaultLimit, maxLimit));
  const rows = yield* all(pageQuery(filter, limit + 1));
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const latest = yield* latestAttempts(shown);
  const pendings = yield* pendingOf(shown, context);
  return {
    items: shown.map((row) => {
      const attempt = latest.get(row.id);
      return taskOf(row, attempt ? [attemptOf(attempt)] : [], pendings.get(row.id) ?? null);
    }),
    nextCursor: last ? encodeCursor(last.seq) : null,
  };
}

function pageQuery(filter: TaskFilter, limit: number): Query<TaskRow> {
  const { statuses, namespaces, labels = [], search, cursor } = filter;
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  return query((db) => {
    let page = db.selectFrom("tasks as t").selectAll().orderBy("t.seq", "desc").limit(limit);
    if (statuses) page = page.where("t.status", "in", [...statuses]);
    if (namespaces) page = page.where(inNamespaces(namespaces, "t.namespace"));
    if (before !== undefined) page = page.where("t.seq", "<", before);
    for (const requirement of labels) page = page.where(labelCondition(db, requirement));
    if (search !== undefined && search !== "") page = page.where(searchCondition(search));
    return page;
  });
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

function encodeCursor(seq: number): string {
  return Buffer.from(`1:${String(seq)}`).toString("base64url");
}

function decodeCursor(cursor: string): number {
  const [, seq] = /^1:(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (seq === undefined) throw cursorInvalid(cursor);
  return Number(seq);
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
