import { sql } from "kysely";
import type { AgentReport } from "../../../domain/agent/protocol.ts";
import type { ArtifactSummary } from "../../../domain/attempt/attempt.ts";
import type { AbandonedAttempt } from "../../reports.ts";
import type { Context } from "../context.ts";
import { all, statement, type Program } from "../program.ts";

const pageSize = 100;

const selectAbandoned = statement((db, p: { before: number }) =>
  db
    .selectFrom("attempts as a")
    .innerJoin("reports as r", (join) =>
      join.onRef("r.task_id", "=", "a.task_id").onRef("r.attempt", "=", "a.number"),
    )
    .select(["a.task_id", "a.number", "r.result", "r.artifacts"])
    .where(sql<boolean>`a.settled_at is null`)
    .where("a.lease_expires_at", "<=", p.before)
    .where("r.result", "is not", null)
    .orderBy("a.lease_expires_at")
    .limit(pageSize),
);

export function* listAbandoned(
  graceMilliseconds: number,
  { clock }: Context,
): Program<readonly AbandonedAttempt[]> {
  const rows = yield* all(selectAbandoned({ before: clock() - graceMilliseconds }));
  return rows.map(({ task_id, number, result, artifacts }) => ({
    taskId: task_id,
    number,
    report: JSON.parse(String(result)) as AgentReport,
    artifacts: artifacts === null ? null : (JSON.parse(artifacts) as ArtifactSummary),
  }));
}
