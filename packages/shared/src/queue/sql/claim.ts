import { sql, type Expression, type SqlBool } from "kysely";
import type { RunnerName } from "../../domain/task/spec.ts";
import { holderName, isProvablyDead } from "../holder.ts";
import type { Claim, ClaimRequest, ClaimTerms, NamespaceScope } from "../queue.ts";
import { holdKeys, placeOf } from "./concurrency.ts";
import { leaseMilliseconds, newToken, type Context } from "./context.ts";
import { recordEvent } from "./events.ts";
import { attemptsOf, needTask } from "./get.ts";
import { logPosition } from "./log-position.ts";
import { inNamespaces } from "./namespaces.ts";
import { all, at, first, query, run, statement, type Dialect, type Program, type Query } from "./program.ts";
import { attemptOf, holderOf, holderText, taskOf } from "./rows.ts";
import type { AttemptRow, TaskRow } from "./schema.ts";
import { takeNamed, takeQueued, takeQueuedIn, type Able } from "./take-queued.ts";

/** Expired leases first, then the next task that may run. */
export function* claim(request: ClaimRequest, context: Context): Program<Claim | undefined> {
  const lease = lessee(request, context);
  const hasExpired = yield* expireDead(lease.now, context);
  const takenOver = hasExpired ? yield* takeOver(request, lease) : undefined;
  return takenOver ?? (yield* takeNext(request, lease));
}

const selectHolders = statement((db) =>
  db
    .selectFrom("attempts")
    .select(["holder", sql<number>`min(lease_expires_at)`.as("earliest")])
    .where(sql<boolean>`settled_at is null`)
    .groupBy("holder"),
);

/** A lease that is locked is being expired or taken over by someone else. */
const expireLeases = statement(
  (_, p: { now: number; holder: string }, dialect) =>
    sql`update attempts set lease_expires_at = ${p.now}
    where settled_at is null and (task_id, number) in (
      select a.task_id, a.number from attempts a
      where a.settled_at is null and a.lease_expires_at > ${p.now} and a.holder = ${p.holder}
      ${sql.raw(dialect.skipLocked("a"))})`,
);

/** Ends the leases of the dead, and tells whether there is any expired lease at all: mostly there is none. */
function* expireDead(now: number, { processes }: Context): Program<boolean> {
  let hasExpired = false;
  for (const { holder, earliest } of yield* all(selectHolders({}))) {
    const isDead = isProvablyDead(holderOf(holder), processes);
    if (isDead) yield* run(expireLeases({ now, holder }));
    hasExpired ||= isDead || earliest <= now;
  }
  return hasExpired;
}

interface Lessee {
  readonly now: number;
  readonly token: string;
  readonly expires: number;
  readonly holder: string;
  readonly driver: string;
}

/** `task` is null for any; a task asked for by name is that one or none. */
type Expired = Lessee & Able & { readonly task: string | null; readonly cluster: string | null };

const updateExpired = (p: Expired, dialect: Dialect, scope: Expression<SqlBool>) =>
  sql<AttemptRow>`update attempts set token = ${p.token}, lease_expires_at = ${p.expires},
      holder = ${p.holder}, driver = ${p.driver}
    where settled_at is null and (task_id, number) = (
      select a.task_id, a.number from attempts a join tasks t on t.id = a.task_id
      where a.settled_at is null and a.lease_expires_at <= ${p.now}
        and (cast(${p.task} as text) is null or a.task_id = ${p.task})
        and (a.cluster is null or a.cluster = cast(${p.cluster} as text))
        and ((a.runner = 'kubernetes' and ${p.kubernetes} = 1) or (a.runner = 'local' and ${p.local} = 1))
        and ${scope}
      order by t.priority_rank, t.seq limit 1 ${sql.raw(dialect.skipLocked("a"))})
    returning *`;

const takeExpired = statement((_, p: Expired, dialect) => updateExpired(p, dialect, sql<boolean>`1 = 1`));

function takeExpiredIn(namespaces: NamespaceScope, expired: Expired): Query<AttemptRow> {
  return query((_, dialect) => updateExpired(expired, dialect, inNamespaces(namespaces, "t.namespace")));
}

function* takeOver(request: ClaimRequest, lease: Lessee): Program<Claim | undefined> {
  const expired = {
    ...lease,
    ...able(request),
    task: request.taskId ?? null,
    cluster: request.cluster ?? null,
  };
  const { namespaces } = request;
  const row = yield* first(namespaces ? takeExpiredIn(namespaces, expired) : takeExpired(expired));
  if (!row) return undefined;
  yield* recordEvent({
    type: "AttemptTakenOver",
    time: lease.now,
    taskId: row.task_id,
    attempt: row.number,
    data: { driver: row.driver },
  });
  return yield* claimOf(yield* needTask(row.task_id), row, true);
}

const insertAttempt = statement(
  (
    db,
    p: Lessee & {
      task: string;
      number: number;
      runner: RunnerName;
      cluster: string | null;
      namespace: string | null;
    },
  ) =>
    db
      .insertInto("attempts")
      .values({
        task_id: p.task,
        number: p.number,
        token: p.token,
        lease_expires_at: p.expires,
        holder: p.holder,
        runner: p.runner,
        driver: p.driver,
        cluster: p.cluster,
        namespace: p.namespace,
        submission: "none",
        phase: "Submitting",
        started_at: p.now,
        message: "",
      })
      .returningAll(),
);

function* takeNext(request: ClaimRequest, lease: Lessee): Program<Claim | undefined> {
  const { now } = lease;
  const { taskId, namespaces, forceRunner, defaultRunner, runners } = request;
  const place = placeOf(request);
  const which = {
    ...able(request),
    ...place,
    now,
    unnamed: runners.includes(defaultRunner) ? 1 : 0,
    forced: forceRunner && runners.includes(forceRunner) ? 1 : 0,
  };
  if (forceRunner && which.forced === 0) return undefined;
  const task = yield* taskId === undefined
    ? namespaces
      ? takeQueuedIn(namespaces, which)
      : first(takeQueued(which))
    : first(takeNamed(which, taskId, namespaces));
  if (!task) return undefined;
  yield* at("claim:task-taken");
  if (task.keyed === 1) yield* holdKeys(task.id, place);
  const runner = forceRunner ?? task.runner ?? defaultRunner;
  const attempt = yield* first(
    insertAttempt({
      ...lease,
      task: task.id,
      number: task.last_attempt,
      runner,
      cluster: runner === "kubernetes" ? (request.cluster ?? null) : null,
      namespace: task.namespace,
    }),
  );
  if (!attempt) throw new Error("an inserted attempt was not returned");
  const data = { driver: attempt.driver, runner };
  yield* recordEvent({ type: "AttemptStarted", time: now, taskId: task.id, attempt: attempt.number, data });
  return yield* claimOf(task, attempt, false);
}

function* claimOf(task: TaskRow, row: AttemptRow, takenOver: boolean): Program<Claim> {
  const attempt = attemptOf(row);
  return {
    task: taskOf(task, yield* attemptsOf(task, attempt), null),
    attempt,
    attemptsMade: row.number - task.attempt_base,
    lease: { taskId: task.id, attempt: row.number, token: row.token },
    takenOver,
    submission: row.submission,
    jobUid: row.job_uid,
    logPosition: takenOver
      ? yield* logPosition(task.id, row.number)
      : { sequence: 0, stdoutBytes: 0, stderrBytes: 0 },
  };
}

function lessee({ holder }: ClaimTerms, context: Context): Lessee {
  const now = context.clock();
  return {
    now,
    token: newToken(context),
    expires: now + leaseMilliseconds,
    holder: holderText(holder),
    driver: holderName(holder),
  };
}

function able({ runners }: ClaimTerms): Able {
  return { kubernetes: runners.includes("kubernetes") ? 1 : 0, local: runners.includes("local") ? 1 : 0 };
}
