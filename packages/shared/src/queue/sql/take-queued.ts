import { sql } from "kysely";
import { nextStatus } from "../../domain/task/status.ts";
import type { NamespaceScope } from "../queue.ts";
import { keysAreFreeAt, type Place } from "./concurrency.ts";
import { inNamespaces } from "./namespaces.ts";
import { all, first, query, statement, type Program, type Query } from "./program.ts";
import type { TaskRow } from "./schema.ts";

/** Runners that a driver can be. */
export interface Able {
  readonly kubernetes: number;
  readonly local: number;
}

/** Which queued tasks a driver can take now. */
export type Takeable = Able &
  Place & { readonly now: number; readonly unnamed: number; readonly forced: number };

const canRun = (p: Takeable) => sql<boolean>`(${p.forced} = 1 or (t.runner is null and ${p.unnamed} = 1)
  or (t.runner = 'kubernetes' and ${p.kubernetes} = 1) or (t.runner = 'local' and ${p.local} = 1))
  and t.not_before <= ${p.now} and ${keysAreFreeAt(p)}`;

const isNext = (p: Takeable) => sql<boolean>`t.status = 'PENDING' and t.hold = 0 and ${canRun(p)}
  and not exists (select 1 from meta where key = 'paused')`;

const take = (p: Takeable) =>
  sql`update tasks set status = ${sql.lit(claimed())}, updated_at = ${p.now}, last_attempt = last_attempt + 1
    where status = 'PENDING' and seq =`;

/** The next of all. */
export const takeQueued = statement(
  (_, p: Takeable, dialect) =>
    sql<TaskRow>`${take(p)} (
      select t.seq from tasks t ${sql.raw(dialect.byClaimIndex)}
      where ${isNext(p)}
      order by t.priority_rank, t.seq limit 1 ${sql.raw(dialect.skipLocked("t"))})
    returning *`,
);

const takeById = statement(
  (_, p: Takeable & { task: string }, dialect) =>
    sql<TaskRow>`${take(p)} (
      select t.seq from tasks t
      where t.id = ${p.task} and t.status = 'PENDING' and ${canRun(p)} ${sql.raw(dialect.lockRow)})
    returning *`,
);

/** A certain one, of these namespaces where some are given. */
export function takeNamed(which: Takeable, task: string, namespaces?: NamespaceScope): Query<TaskRow> {
  if (!namespaces) return takeById({ ...which, task });
  return query(
    (_, dialect) => sql<TaskRow>`${take(which)} (
      select t.seq from tasks t
      where t.id = ${task} and t.status = 'PENDING' and ${canRun(which)}
        and ${inNamespaces(namespaces, "t.namespace")} ${sql.raw(dialect.lockRow)})
    returning *`,
  );
}

interface Candidate {
  readonly seq: number;
  readonly priority_rank: number;
}

const candidatesIn = (scope: "named" | "unnamed") =>
  statement(
    (_, p: Takeable & { namespace: string; limit: number }, dialect) =>
      sql<Candidate>`select t.seq, t.priority_rank from tasks t ${sql.raw(dialect.byNamespaceIndex)}
      where ${scope === "named" ? sql`t.namespace = ${p.namespace}` : sql`t.namespace is null`} and ${isNext(p)}
      order by t.priority_rank, t.seq limit ${p.limit}`,
  );
const candidatesOf = candidatesIn("named");
const unnamedCandidates = candidatesIn("unnamed");

const takeCandidate = statement(
  (_, p: Takeable & { seq: number }, dialect) =>
    sql<TaskRow>`${take(p)} (
      select t.seq from tasks t where t.seq = ${p.seq} and ${isNext(p)} ${sql.raw(dialect.skipLocked("t"))})
    returning *`,
);

/** More than are being claimed by others at one moment, mostly. */
const usualCandidates = 4;

/**
 * The next of these namespaces. Their orders are put together here: a statement over all of them would sort every task
 * that they have. What another claim has locked is passed over, as `takeQueued` does.
 */
export function* takeQueuedIn(namespaces: NamespaceScope, which: Takeable): Program<TaskRow | undefined> {
  for (let limit = usualCandidates; ; limit *= 8) {
    const found: Candidate[] = [];
    let isMore = false;
    for (const namespace of new Set(namespaces)) {
      const candidates = yield* all(
        namespace === null
          ? unnamedCandidates({ ...which, namespace: "", limit })
          : candidatesOf({ ...which, namespace, limit }),
      );
      found.push(...candidates);
      isMore ||= candidates.length === limit;
    }
    for (const { seq } of found.toSorted((a, b) => a.priority_rank - b.priority_rank || a.seq - b.seq)) {
      const task = yield* first(takeCandidate({ ...which, seq }));
      if (task) return task;
    }
    if (!isMore) return undefined;
  }
}

function claimed(): string {
  const status = nextStatus("PENDING", "claim");
  if (!status) throw new Error("a PENDING task cannot be claimed");
  return status;
}
