import type { Database } from "better-sqlite3";
import { closeSync, openSync, readSync } from "node:fs";
import { isKerutaError } from "../../domain/error.ts";
import { failureOf, notADatabase } from "./failures.ts";
import { schemaState } from "./migrate.ts";
import { openFile } from "./open.ts";

export interface CheckProblem {
  /** `integrity` and `reference` are SQLite's own findings, the others name a rule of keruta. */
  readonly rule: string;
  /** English, for a person who repairs. */
  readonly detail: string;
}

/** Rules that every committed state obeys; each selects what breaks it. */
const rules: readonly { readonly rule: string; readonly sql: string }[] = [
  {
    rule: "a task IN_PROGRESS has one open attempt, its latest",
    sql: `select t.id from tasks t where t.status = 'IN_PROGRESS' and 1 <> (
      select count(*) from attempts a where a.task_id = t.id and a.settled_at is null and a.number = t.last_attempt)`,
  },
  {
    rule: "a task that is not IN_PROGRESS has no open attempt",
    sql: `select t.id from attempts a join tasks t on t.id = a.task_id
      where a.settled_at is null and t.status <> 'IN_PROGRESS'`,
  },
  {
    rule: "attempts are numbered from 1 without a hole",
    sql: `select t.id from tasks t where t.last_attempt <> (select count(*) from attempts a where a.task_id = t.id)
      or t.last_attempt <> (select coalesce(max(a.number), 0) from attempts a where a.task_id = t.id)`,
  },
  {
    rule: "a COMPLETED task's latest attempt is Completed",
    sql: `select t.id from tasks t left join attempts a on a.task_id = t.id and a.number = t.last_attempt
      where t.status = 'COMPLETED' and coalesce(a.reason, '') <> 'Completed'`,
  },
  {
    rule: "a FAILED task has a result that is not Completed",
    sql: `select t.id from tasks t left join attempts a on a.task_id = t.id and a.number = t.last_attempt
      where t.status = 'FAILED' and coalesce(a.reason, 'Completed') = 'Completed'`,
  },
  {
    rule: "a concurrency key is held while its task is IN_PROGRESS",
    sql: `select t.id from concurrency_keys k join tasks t on t.id = k.task_id
      where (k.held_key is not null) <> (t.status = 'IN_PROGRESS')`,
  },
  {
    rule: "a log has no hole between its blocks",
    sql: `select task_id from (
      select task_id, first_seq, stdout_start, stderr_start,
        coalesce(lag(last_seq) over log, 0) as seq_before, coalesce(lag(stdout_end) over log, 0) as stdout_before,
        coalesce(lag(stderr_end) over log, 0) as stderr_before
      from log_blocks window log as (partition by task_id, attempt order by first_seq))
      where first_seq <> seq_before + 1 or stdout_start <> stdout_before or stderr_start <> stderr_before`,
  },
  {
    rule: "the queue has one uid",
    sql: `select 'meta' where 1 <> (select count(*) from meta where key = 'uid')`,
  },
];

/** What is wrong with the queue in a file; nothing is changed. Throws KRT_DB_… for a file that is no queue. */
export async function checkSqlite({ path }: { readonly path: string }): Promise<readonly CheckProblem[]> {
  refuseMissing(path);
  try {
    const db = openFile({ path });
    try {
      if (schemaState(db, path) === "empty") throw notADatabase(path);
      return problemsOf(db);
    } finally {
      db.close();
    }
  } catch (error) {
    const failure = isKerutaError(error) ? error : failureOf(error, path);
    // So damaged that SQLite cannot even look for the damage.
    if (failure?.code === "KRT_DB_CORRUPT") return [{ rule: "integrity", detail: causeOf(failure) }];
    throw failure ?? error;
  }
}

function causeOf({ cause, message }: Error): string {
  return cause instanceof Error ? cause.message : message;
}

export function problemsOf(db: Database): readonly CheckProblem[] {
  const integrity = db
    .prepare("pragma integrity_check")
    .pluck()
    .all()
    .filter((line) => line !== "ok");
  // Queries over damaged pages would only repeat it, or fail.
  if (integrity.length > 0) return integrity.map((line) => ({ rule: "integrity", detail: String(line) }));
  const references = db.prepare("pragma foreign_key_check").all() as { table: string; parent: string }[];
  return [
    ...references.map(({ table, parent }) => ({
      rule: "reference",
      detail: `a row of ${table} belongs to no row of ${parent}`,
    })),
    ...rules.flatMap(({ rule, sql }) =>
      db
        .prepare(sql)
        .pluck()
        .all()
        .map((id) => ({ rule, detail: String(id) })),
    ),
  ];
}

/** Opening makes a file where there is none, which is not what a check or a backup is asked for. */
export function refuseMissing(path: string): void {
  try {
    const file = openSync(path, "r");
    try {
      // A directory opens, and tells what it is only when it is read.
      readSync(file, new Uint8Array(1));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw failureOf(error, path) ?? error;
  }
}
