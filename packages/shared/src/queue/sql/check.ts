import { sql } from "kysely";
import { all, query, type Program } from "./program.ts";

export interface CheckProblem {
  /** A rule of keruta, or `integrity` and `reference` for what SQLite finds itself. */
  readonly rule: string;
  /** English, for a person who repairs. */
  readonly detail: string;
}

/** Rules that every committed state obeys; each selects what breaks it. */
const rules: readonly { readonly rule: string; readonly text: string }[] = [
  {
    rule: "a task IN_PROGRESS has one open attempt, its latest",
    text: `select t.id as id from tasks t where t.status = 'IN_PROGRESS' and 1 <> (
      select count(*) from attempts a where a.task_id = t.id and a.settled_at is null and a.number = t.last_attempt)`,
  },
  {
    rule: "a task that is not IN_PROGRESS has no open attempt",
    text: `select t.id as id from attempts a join tasks t on t.id = a.task_id
      where a.settled_at is null and t.status <> 'IN_PROGRESS'`,
  },
  {
    rule: "attempts are numbered from 1 without a hole",
    text: `select t.id as id from tasks t where t.last_attempt <> (select count(*) from attempts a where a.task_id = t.id)
      or t.last_attempt <> (select coalesce(max(a.number), 0) from attempts a where a.task_id = t.id)`,
  },
  {
    rule: "a COMPLETED task's latest attempt is Completed",
    text: `select t.id as id from tasks t left join attempts a on a.task_id = t.id and a.number = t.last_attempt
      where t.status = 'COMPLETED' and coalesce(a.reason, '') <> 'Completed'`,
  },
  {
    rule: "a FAILED task has a result that is not Completed",
    text: `select t.id as id from tasks t left join attempts a on a.task_id = t.id and a.number = t.last_attempt
      where t.status = 'FAILED' and coalesce(a.reason, 'Completed') = 'Completed'`,
  },
  {
    rule: "a concurrency key is held while its task is IN_PROGRESS",
    text: `select t.id as id from concurrency_keys k join tasks t on t.id = k.task_id
      where (k.held_key is not null) <> (t.status = 'IN_PROGRESS')`,
  },
  {
    rule: "a log has no hole between its blocks",
    text: `select task_id as id from (
      select task_id, first_seq, stdout_start, stderr_start,
        coalesce(lag(last_seq) over log, 0) as seq_before, coalesce(lag(stdout_end) over log, 0) as stdout_before,
        coalesce(lag(stderr_end) over log, 0) as stderr_before
      from log_blocks window log as (partition by task_id, attempt order by first_seq)) as blocks
      where first_seq <> seq_before + 1 or stdout_start <> stdout_before or stderr_start <> stderr_before`,
  },
  {
    rule: "an archived block lies within a verified object",
    text: `select b.task_id as id from log_blocks b left join log_archives a on a.id = b.archive
      where b.archive is not null and (a.bytes is null or a.removing = 1
        or b.archive_offset < 0 or b.archive_offset + b.archive_bytes > a.bytes)`,
  },
  {
    rule: "the queue has one uid",
    text: `select 'meta' as id where 1 <> (select count(*) from meta where key = 'uid')`,
  },
];

export function* brokenRules(): Program<readonly CheckProblem[]> {
  const problems: CheckProblem[] = [];
  for (const { rule, text } of rules) {
    const broken = yield* all(query(() => sql<{ id: string }>`${sql.raw(text)}`));
    problems.push(...broken.map(({ id }) => ({ rule, detail: id })));
  }
  return problems;
}
