import type { LogPosition } from "../queue.ts";
import { first, statement, type Program } from "./program.ts";

const selectEnd = statement((db, p: { task: string; attempt: number }) =>
  db
    .selectFrom("log_blocks")
    .select(["last_seq", "stdout_end", "stderr_end"])
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.attempt)
    .orderBy("first_seq", "desc")
    .limit(1),
);

export function* logPosition(task: string, attempt: number): Program<LogPosition> {
  const end = yield* first(selectEnd({ task, attempt }));
  return {
    sequence: end?.last_seq ?? 0,
    stdoutBytes: end?.stdout_end ?? 0,
    stderrBytes: end?.stderr_end ?? 0,
  };
}
