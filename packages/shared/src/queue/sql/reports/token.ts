import type { Lease } from "../../queue.ts";
import type { AttemptKey } from "../../reports.ts";
import { digestOf, newSecret } from "../../secret.ts";
import { addToken } from "../accounts/tokens.ts";
import type { Context } from "../context.ts";
import { tokenInUse } from "../failures.ts";
import { heldAttempt } from "../lease.ts";
import { first, run, statement, type Program } from "../program.ts";
import { openAttempt } from "./open-attempt.ts";

const deleteTokens = statement((db, p: { task: string; number: number }) =>
  db.deleteFrom("tokens").where("task_id", "=", p.task).where("attempt", "=", p.number),
);
const selectUsed = statement((db, p: { task: string; number: number }) =>
  db
    .selectFrom("tokens")
    .select("id")
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.number)
    .where("last_used_at", "is not", null),
);

/** The driver's, for the Pod that it makes. */
export function* makeAgentToken(lease: Lease, context: Context): Program<string> {
  const { driver } = yield* heldAttempt(lease);
  return yield* replaceToken({ taskId: lease.taskId, number: lease.attempt }, driver, context);
}

export function* tradeToken(of: AttemptKey, by: string, context: Context): Program<string> {
  yield* openAttempt(of);
  if (yield* first(selectUsed({ task: of.taskId, number: of.number }))) throw tokenInUse(of);
  return yield* replaceToken(of, by, context);
}

function* replaceToken(of: AttemptKey, by: string, context: Context): Program<string> {
  const secret = newSecret("krt", context.random);
  yield* run(deleteTokens({ task: of.taskId, number: of.number }));
  yield* addToken(
    {
      digest: digestOf(secret),
      name: "agent",
      role: "agent",
      namespaces: null,
      expiresAt: null,
      attempt: of,
      createdBy: by,
    },
    context,
  );
  return secret;
}
