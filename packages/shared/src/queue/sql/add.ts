import { newTaskId } from "../../domain/id.ts";
import { userKeyOf } from "../../domain/task/concurrency.ts";
import type { NewTask } from "../../domain/task/task.ts";
import type { AddedTask, AddTask, NamespaceScope } from "../queue.ts";
import { cancelRow } from "./cancel.ts";
import { claim } from "./claim.ts";
import { keyTasks } from "./concurrency.ts";
import type { Context } from "./context.ts";
import { recordEvent } from "./events.ts";
import { concurrencyRefused, requestIdConflict, requestIdTooLong } from "./failures.ts";
import { completeTask, findTask, lockTask } from "./get.ts";
import { contentDigest } from "./identity.ts";
import { at, first, lock, statement, type Program } from "./program.ts";
import { taskOf } from "./rows.ts";
import type { TaskTable } from "./schema.ts";
import { insertDependents, writtenColumns } from "./task-columns.ts";

type NewRow = ReturnType<typeof writtenColumns> &
  Pick<TaskTable, "id" | "created_by" | "request_id" | "request_digest"> & { now: number };

const insertTask = statement((db, p: NewRow) =>
  db
    .insertInto("tasks")
    .values({
      id: p.id,
      title: p.title,
      description: p.description,
      priority: p.priority,
      priority_rank: p.priority_rank,
      status: "PENDING",
      labels: p.labels,
      spec: p.spec,
      created_at: p.now,
      updated_at: p.now,
      created_by: p.created_by,
      request_id: p.request_id,
      request_digest: p.request_digest,
      cancel_requested_at: null,
      cancelled_by: null,
      progress_percent: null,
      progress_message: "",
      not_before: p.not_before,
      hold: p.hold,
      runner: p.runner,
      namespace: p.namespace,
      deadline: p.deadline,
      keyed: p.keyed,
      pending_since: p.now,
      last_attempt: 0,
      attempt_base: 0,
    })
    .returningAll(),
);

/** Well below what an index of PostgreSQL can hold. */
const maxRequestIdBytes = 1024;

export function* addTask(request: AddTask, context: Context): Program<AddedTask> {
  const { createdBy, requestId, claim: terms, namespaces, ...task } = request;
  if (requestId !== undefined && Buffer.byteLength(requestId) > maxRequestIdBytes) {
    throw requestIdTooLong(maxRequestIdBytes);
  }
  const digest = requestId === undefined ? null : contentDigest(task);
  const known =
    requestId === undefined ? undefined : yield* earlierTask({ requestId, digest, namespaces }, context);
  if (known) return known;
  const now = context.clock();
  yield* makeRoom(task, createdBy, now, namespaces);
  const row = yield* first(
    insertTask({
      ...writtenColumns(task),
      id: yield* freeId(context),
      created_by: createdBy,
      request_id: requestId ?? null,
      request_digest: digest,
      now,
    }),
  );
  if (!row) throw new Error("an inserted task was not returned");
  yield* at("add:task-written");
  yield* insertDependents(row.id, task);
  yield* recordEvent({
    type: "TaskAdded",
    time: now,
    taskId: row.id,
    attempt: null,
    data: { title: row.title },
  });
  const claimed = terms ? yield* claim({ ...terms, taskId: row.id }, context) : undefined;
  if (claimed) return { task: claimed.task, created: true, claim: claimed };
  return { task: taskOf(row, [], null), created: true, claim: null };
}

const selectRequest = statement((db, p: { request: string }) =>
  db.selectFrom("tasks").selectAll().where("request_id", "=", p.request),
);

interface EarlierTask {
  readonly requestId: string;
  readonly digest: string | null;
  /** Of others the task is not named; absent: all. */
  readonly namespaces: NamespaceScope | undefined;
}

function* earlierTask(
  { requestId, digest, namespaces }: EarlierTask,
  context: Context,
): Program<AddedTask | undefined> {
  const row = yield* first(selectRequest({ request: requestId }));
  if (!row) return undefined;
  if (row.request_digest !== digest) {
    const isKnown = namespaces?.includes(row.namespace) ?? true;
    throw requestIdConflict(requestId, isKnown ? row.id : null);
  }
  return { task: yield* completeTask(row, context), created: false, claim: null };
}

/**
 * Refuses, or cancels the oldest tasks of a key, so that with the new one no more than its limit are left. Tasks outside
 * the scope are neither cancelled nor named: where they alone could make room, the task is refused.
 */
function* makeRoom({ spec }: NewTask, by: string, now: number, scope?: NamespaceScope): Program<void> {
  const policy = spec.concurrency?.onConflict ?? "wait";
  if (policy === "wait") return;
  const own = userKeyOf(spec);
  if (!own) return;
  const { key, limit } = own;
  yield* lock({ of: "adding", key });
  const others = yield* keyTasks(key);
  const surplus = others.length + 1 - limit;
  if (surplus <= 0) return;
  const known = others.filter(({ namespace }) => scope?.includes(namespace) ?? true).map(({ id }) => id);
  if (policy === "refuse" || known.length < surplus) throw concurrencyRefused(key, limit, known);
  for (const id of known.slice(0, surplus)) yield* cancelRow(yield* lockTask(id), by, now);
}

function* freeId(context: Context): Program<string> {
  for (;;) {
    const id = newTaskId(context.random);
    if (!(yield* findTask(id))) return id;
  }
}
