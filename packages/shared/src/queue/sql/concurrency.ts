import { sql } from "kysely";
import { placeMarks } from "../../domain/task/concurrency.ts";
import type { ClaimTerms } from "../queue.ts";
import { all, first, lock, Outdated, run, statement, type Program } from "./program.ts";

/** Where a driver runs tasks: what the marks in the keys of claims stand for. */
export interface Place {
  /** Empty without a cluster. */
  readonly cluster: string;
  readonly namespace: string;
}

export function placeOf({ cluster = "", namespace = "" }: Pick<ClaimTerms, "cluster" | "namespace">): Place {
  return { cluster, namespace };
}

/** Key `k` with the driver's place in it; a user's key is taken as it is written. */
const placedKey = ({ cluster, namespace }: Place) => sql<string>`case when k.key like 'pvc:%'
  then replace(replace(k.key, ${sql.lit(placeMarks.cluster)}, ${cluster}), ${sql.lit(placeMarks.namespace)}, ${namespace})
  else k.key end`;

/** True where `o` holds key `k` wherever its driver may be: for who asks without being one. */
const heldAnywhere = sql<boolean>`case when k.key like 'pvc:%'
  then o.held_key like replace(replace(k.key, ${sql.lit(placeMarks.cluster)}, '%'), ${sql.lit(placeMarks.namespace)}, '%')
  else o.held_key = k.key end`;

const takeKeys = statement((_, p: Place & { task: string }) => ({
  compile: (db) =>
    sql`update concurrency_keys as k set held_key = ${placedKey(p)} where k.task_id = ${p.task}`.compile(db),
}));

const freeKeys = statement((db, p: { task: string }) =>
  db.updateTable("concurrency_keys").set({ held_key: null }).where("task_id", "=", p.task),
);

/** Keys that the task holds together with more others than its limit allows. */
const selectOverfull = statement(
  (_, p: { task: string }) =>
    sql<{ key: string }>`select k.key from concurrency_keys k where k.task_id = ${p.task} and k.key_limit < (
      select count(*) from concurrency_keys o where o.held_key = k.held_key)`,
);

/** A task uses its keys while it is IN_PROGRESS. */
export function* holdKeys(taskId: string, place: Place): Program<void> {
  yield* run(takeKeys({ ...place, task: taskId }));
  // Another claim may have taken the last place since this one counted.
  if ((yield* lock({ of: "keys", task: taskId })) && (yield* first(selectOverfull({ task: taskId })))) {
    throw new Outdated(`a concurrency key of task ${taskId} was taken meanwhile`);
  }
}

export function* releaseKeys(taskId: string): Program<void> {
  yield* run(freeKeys({ task: taskId }));
}

/** True in SQL where no key of task `t` is in use up to its limit at the driver's place. */
export const keysAreFreeAt = (place: Place) => sql<boolean>`(t.keyed = 0 or not exists (
  select 1 from concurrency_keys k where k.task_id = t.id and k.key_limit <= (
    select count(*) from concurrency_keys o where o.held_key = ${placedKey(place)})))`;

/** True in SQL where no key of task `t` is in use up to its limit at any place. */
export const keysAreFree = sql<boolean>`(t.keyed = 0 or not exists (
  select 1 from concurrency_keys k where k.task_id = t.id and k.key_limit <= (
    select count(*) from concurrency_keys o where o.held_key is not null and ${heldAnywhere})))`;

export interface BlockedKey {
  readonly key: string;
  readonly key_limit: number;
}

const selectBlockedKeys = statement((db, p: { task: string }) =>
  db
    .selectFrom("concurrency_keys as k")
    .select(["k.key", "k.key_limit"])
    .where("k.task_id", "=", p.task)
    .where("k.key_limit", "<=", (eb) =>
      eb
        .selectFrom("concurrency_keys as o")
        .select(eb.fn.countAll<number>().as("n"))
        .where("o.held_key", "is not", null)
        .where(heldAnywhere),
    )
    .orderBy("k.key"),
);

/** Keys of the task that are in use up to their limit. */
export function blockedKeys(taskId: string): Program<readonly BlockedKey[]> {
  return all(selectBlockedKeys({ task: taskId }));
}

const selectKeyHolders = statement((_, p: { task: string; key: string }) => ({
  compile: (db) =>
    sql<{ id: string; started_at: number | null }>`select t.id, a.started_at
      from concurrency_keys k
      join concurrency_keys o on o.held_key is not null and ${heldAnywhere}
      join tasks t on t.id = o.task_id
      left join attempts a on a.task_id = t.id and a.number = t.last_attempt
      where k.task_id = ${p.task} and k.key = ${p.key}
      order by t.seq`.compile(db),
}));

/** The tasks that use a key of a task now, oldest first. */
export function keyHolders(
  taskId: string,
  key: string,
): Program<readonly { id: string; started_at: number | null }[]> {
  return all(selectKeyHolders({ task: taskId, key }));
}

const selectKeyTasks = statement((db, p: { key: string }) =>
  db
    .selectFrom("concurrency_keys as k")
    .innerJoin("tasks as t", "t.id", "k.task_id")
    .select(["t.id", "t.namespace"])
    .where("k.key", "=", p.key)
    .where("t.status", "in", ["PENDING", "IN_PROGRESS"])
    .orderBy("t.seq"),
);

/** The tasks of a key that run or wait, oldest first. */
export function keyTasks(key: string): Program<readonly { id: string; namespace: string | null }[]> {
  return all(selectKeyTasks({ key }));
}
