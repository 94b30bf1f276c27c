import { sql } from "kysely";
import type { AttemptResult } from "../../../domain/attempt/attempt.ts";
import type { LogEntry } from "../../../domain/log/entry.ts";
import { countNoticed } from "./count.ts";
import { run, statement, type Program } from "../program.ts";
import { watchKeys } from "./watch.ts";

interface NoticeParams {
  readonly watch: string;
  readonly task: string;
  readonly attempt: number;
  readonly kind: string;
  readonly time: number;
  readonly data: string;
}

// In one statement with the look whether anybody asks for it: on PostgreSQL each is a way to the server and back.
const insertNotice = statement(
  (_, p: NoticeParams) => sql<never>`
    insert into notices (task_id, attempt, kind, time, last_time, errors, warnings, first_seq, data)
    select cast(${p.task} as text), cast(${p.attempt} as bigint), cast(${p.kind} as text), cast(${p.time} as bigint),
      cast(${p.time} as bigint), 0, 0, 0, cast(${p.data} as text)
    from meta where key = ${p.watch}
    on conflict (task_id, attempt, kind) do nothing`,
);

interface LogParams {
  readonly watch: string;
  readonly task: string;
  readonly attempt: number;
  readonly now: number;
  readonly errors: number;
  readonly warnings: number;
  readonly first: number;
}

const addLogNotice = statement(
  (_, p: LogParams) => sql<never>`
    insert into notices (task_id, attempt, kind, time, last_time, errors, warnings, first_seq, data)
    select cast(${p.task} as text), cast(${p.attempt} as bigint), 'log', cast(${p.now} as bigint),
      cast(${p.now} as bigint), cast(${p.errors} as bigint), cast(${p.warnings} as bigint), cast(${p.first} as bigint), ''
    from meta where key = ${p.watch} and (value = 'WARN' or cast(${p.errors} as bigint) > 0)
    on conflict (task_id, attempt, kind) do update set last_time = excluded.last_time,
      errors = notices.errors + excluded.errors, warnings = notices.warnings + excluded.warnings`,
);

/** In the transaction that stores the entries. A piece of a log without warnings and errors costs a walk over it. */
export function* noteLog(
  taskId: string,
  attempt: number,
  entries: readonly LogEntry[],
  openLines: () => number,
  now: number,
): Program<void> {
  const counted = countNoticed(entries, openLines);
  if (!counted) return;
  const { errors, warnings, firstSequence: first } = counted;
  yield* run(addLogNotice({ watch: watchKeys.log, task: taskId, attempt, now, errors, warnings, first }));
}

/** In the transaction that makes the task FAILED. */
export function* noteFailure(
  taskId: string,
  attempt: number,
  result: Pick<AttemptResult, "reason" | "category" | "exitCode" | "message">,
  time: number,
): Program<void> {
  const { reason, category, exitCode, message } = result;
  const data = JSON.stringify({ reason, category, exitCode, message });
  yield* run(insertNotice({ watch: watchKeys.failed, task: taskId, attempt, kind: "failed", time, data }));
}

export function* noteDeadline(taskId: string, deadline: string, time: number): Program<void> {
  const data = JSON.stringify({ deadline });
  yield* run(
    insertNotice({ watch: watchKeys.deadline, task: taskId, attempt: 0, kind: "deadline", time, data }),
  );
}
