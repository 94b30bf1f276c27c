import { sql } from "kysely";
import type { NamespaceScope, QueueStatus } from "../queue.ts";
import type { Context } from "./context.ts";
import { countDrivers } from "./drivers.ts";
import { pausedSince } from "./meta.ts";
import { inNamespaces } from "./namespaces.ts";
import { first, query, statement, type Program, type Query } from "./program.ts";

type Counted = "PENDING" | "IN_PROGRESS" | "FAILED" | "CANCELLED";

/** Each count reads an index; the completed ones, the most, are in none. */
const countByStatus = statement(() => {
  const of = (status: Counted) => sql`(select count(*) from tasks where status = ${sql.lit(status)})`;
  return sql<Record<Counted | "total", number>>`select (select count(*) from tasks) as total,
    ${of("PENDING")} as "PENDING", ${of("IN_PROGRESS")} as "IN_PROGRESS",
    ${of("FAILED")} as "FAILED", ${of("CANCELLED")} as "CANCELLED"`;
});

/** Of a scope, which no index has. */
function countIn(scope: NamespaceScope): Query<Record<Counted | "total", number>> {
  return query((db) => {
    const of = (status: Counted) => sql<number>`count(case when status = ${sql.lit(status)} then 1 end)`;
    return db
      .selectFrom("tasks")
      .select([
        sql<number>`count(*)`.as("total"),
        of("PENDING").as("PENDING"),
        of("IN_PROGRESS").as("IN_PROGRESS"),
        of("FAILED").as("FAILED"),
        of("CANCELLED").as("CANCELLED"),
      ])
      .where(inNamespaces(scope, "namespace"));
  });
}

export function* queueStatus(context: Context, namespaces?: NamespaceScope): Program<QueueStatus> {
  const counted = yield* first(namespaces ? countIn(namespaces) : countByStatus({}));
  if (!counted) throw new Error("a count has one row");
  const { total, ...counts } = counted;
  const others = counts.PENDING + counts.IN_PROGRESS + counts.FAILED + counts.CANCELLED;
  return {
    paused: (yield* pausedSince()) !== undefined,
    counts: { ...counts, COMPLETED: total - others },
    drivers: yield* countDrivers(context),
  };
}
