import { sql } from "kysely";
import type { Progress } from "../../domain/task/task.ts";
import type { AttemptChange, Lease, LocalRun, RenewOutcome } from "../queue.ts";
import { leaseMilliseconds, newToken, type Context } from "./context.ts";
import { recordEvent } from "./events.ts";
import { leaseLost } from "./failures.ts";
import { first, query, run, statement, type Program } from "./program.ts";
import type { AttemptRow } from "./schema.ts";
import { isoTime, millisecondsOf } from "./time.ts";

const selectHeld = statement((db, p: { task: string; number: number; token: string }, dialect) =>
  db
    .selectFrom("attempts")
    .selectAll()
    .where("task_id", "=", p.task)
    .where("number", "=", p.number)
    .where("token", "=", p.token)
    .where(sql<boolean>`settled_at is null`)
    .modifyEnd(sql.raw(dialect.lockRow)),
);

/**
 * The open attempt of a lease, which stays so until this transaction has ended; throws KRT_LEASE_LOST where it is
 * another's or settled. Who changes attempt and task locks the attempt first.
 */
export function* heldAttempt(lease: Lease): Program<AttemptRow> {
  const row = yield* first(selectHeld(keyOf(lease)));
  if (!row) throw leaseLost(lease);
  return row;
}

const extendLease = statement((db, p: { task: string; number: number; token: string; expires: number }) =>
  db
    .updateTable("attempts")
    .set({ lease_expires_at: p.expires })
    .where("task_id", "=", p.task)
    .where("number", "=", p.number)
    .where("token", "=", p.token)
    .where(sql<boolean>`settled_at is null`)
    .returning((eb) =>
      eb.selectFrom("tasks").select("cancel_requested_at").where("id", "=", p.task).as("cancel_requested_at"),
    ),
);

/** A lease that ran out and was not taken over is still its holder's. */
export function* renewLease(lease: Lease, { clock }: Context): Program<RenewOutcome> {
  const expires = clock() + leaseMilliseconds;
  const row = yield* first(extendLease({ ...keyOf(lease), expires }));
  if (!row) return { held: false };
  return { held: true, cancelRequested: row.cancel_requested_at !== null, expiresAt: isoTime(expires) };
}

const giveUpLease = statement(
  (db, p: { task: string; number: number; token: string; now: number; nobody: string }) =>
    db
      .updateTable("attempts")
      .set({ lease_expires_at: p.now, token: p.nobody })
      .where("task_id", "=", p.task)
      .where("number", "=", p.number)
      .where("token", "=", p.token)
      .where(sql<boolean>`settled_at is null`),
);

/** The old token ends with it: what its holder still writes changes nothing. */
export function* releaseLease(lease: Lease, context: Context): Program<void> {
  const now = context.clock();
  const changed = yield* run(giveUpLease({ ...keyOf(lease), now, nobody: newToken(context) }));
  if (changed === 0) throw leaseLost(lease);
  yield* recordEvent({ type: "AttemptReleased", time: now, taskId: lease.taskId, attempt: lease.attempt });
}

export function* recordAttempt(lease: Lease, change: AttemptChange, { clock }: Context): Program<void> {
  const before = yield* heldAttempt(lease);
  const columns = columnsOf(change);
  if (Object.keys(columns).length === 0) return;
  yield* run(
    query((db) =>
      db
        .updateTable("attempts")
        .set(columns)
        .where("task_id", "=", lease.taskId)
        .where("number", "=", lease.attempt),
    ),
  );
  if (change.phase === undefined || change.phase === before.phase) return;
  const data = { phase: change.phase };
  yield* recordEvent({
    type: "PhaseChanged",
    time: clock(),
    taskId: lease.taskId,
    attempt: lease.attempt,
    data,
  });
}

function columnsOf(change: AttemptChange): Partial<AttemptRow> {
  const { context, local, commandStartedAt } = change;
  const columns: { [K in keyof AttemptRow]?: AttemptRow[K] | undefined } = {
    phase: change.phase,
    cluster: change.cluster,
    cluster_context: context && JSON.stringify(context),
    namespace: change.namespace,
    job_name: change.jobName,
    job_uid: change.jobUid,
    submission: change.submission,
    pod_name: change.podName,
    node: change.node,
    image_id: change.imageId,
    command_started_at: commandStartedAt === undefined ? undefined : millisecondsOf(commandStartedAt),
    local_run: local && JSON.stringify(local),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

const updateProgress = statement(
  (db, p: { task: string; percent: number | null; message: string; now: number }) =>
    db
      .updateTable("tasks")
      .set({ progress_percent: p.percent, progress_message: p.message, updated_at: p.now })
      .where("id", "=", p.task),
);

export function* recordProgress(lease: Lease, progress: Progress, context: Context): Program<void> {
  yield* heldAttempt(lease);
  yield* writeProgress(lease.taskId, lease.attempt, progress, context);
}

export function* writeProgress(
  taskId: string,
  attempt: number,
  progress: Progress,
  { clock }: Context,
): Program<void> {
  const { percent, message } = progress;
  const now = clock();
  yield* run(updateProgress({ task: taskId, percent, message, now }));
  yield* recordEvent({ type: "Progress", time: now, taskId, attempt, data: { percent, message } });
}

const selectLocalRun = statement((db, p: { task: string; number: number }) =>
  db.selectFrom("attempts").select("local_run").where("task_id", "=", p.task).where("number", "=", p.number),
);

export function* localRun(taskId: string, number: number): Program<LocalRun | null> {
  const row = yield* first(selectLocalRun({ task: taskId, number }));
  return row?.local_run == null ? null : (JSON.parse(row.local_run) as LocalRun);
}

function keyOf({ taskId, attempt, token }: Lease): { task: string; number: number; token: string } {
  return { task: taskId, number: attempt, token };
}
