import { sql } from "kysely";
import { all, run, statement, type Program } from "./program.ts";

const setHolding = statement((db, p: { task: string; holding: number }) =>
  db.updateTable("concurrency_keys").set({ holding: p.holding }).where("task_id", "=", p.task),
);

/** A task uses its keys while it is IN_PROGRESS. */
export function* holdKeys(taskId: string, holding: boolean): Program<void> {
  yield* run(setHolding({ task: taskId, holding: holding ? 1 : 0 }));
}

/** True in SQL where no key of task `t` is in use up to its limit. */
export const keysAreFree = sql<boolean>`(t.keyed = 0 or not exists (
  select 1 from concurrency_keys k where k.task_id = t.id and k.key_limit <= (
    select count(*) from concurrency_keys o where o.key = k.key and o.holding = 1)))`;

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
        .whereRef("o.key", "=", "k.key")
        .where("o.holding", "=", sql.lit(1)),
    )
    .orderBy("k.key"),
);

/** Keys of the task that are in use up to their limit. */
export function blockedKeys(taskId: string): Program<readonly BlockedKey[]> {
  return all(selectBlockedKeys({ task: taskId }));
}

const selectKeyHolders = statement((db, p: { key: string }) =>
  db
    .selectFrom("concurrency_keys as k")
    .innerJoin("tasks as t", "t.id", "k.task_id")
    .leftJoin("attempts as a", (on) =>
      on.onRef("a.task_id", "=", "t.id").onRef("a.number", "=", "t.last_attempt"),
    )
    .select(["t.id", "a.started_at"])
    .where("k.key", "=", p.key)
    .where("k.holding", "=", sql.lit(1))
    .orderBy("t.seq"),
);

/** The tasks that use a key now, oldest first. */
export function keyHolders(key: string): Program<readonly { id: string; started_at: number | null }[]> {
  return all(selectKeyHolders({ key }));
}

const selectKeyTasks = statement((db, p: { key: string }) =>
  db
    .selectFrom("concurrency_keys as k")
    .innerJoin("tasks as t", "t.id", "k.task_id")
    .select("t.id")
    .where("k.key", "=", p.key)
    .where("t.status", "in", ["PENDING", "IN_PROGRESS"])
    .orderBy("t.seq"),
);

/** The tasks of a key that run or wait, oldest first. */
export function keyTasks(key: string): Program<readonly { id: string }[]> {
  return all(selectKeyTasks({ key }));
}
