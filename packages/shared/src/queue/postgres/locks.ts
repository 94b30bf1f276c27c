import type { QueryConfig } from "pg";
import type { Lock } from "../sql/program.ts";

/**
 * Locks are numbers in PostgreSQL, one set for the whole database: the queue's uid and the purpose go into the number.
 * Two names with the same number would only wait for each other.
 */
const numbered = (name: string) => `hashtextextended(${name}, 0)`;

/** The keys that a task has just taken, in their order, so that two claims cannot wait for each other. */
const keysOfTask = `select pg_advisory_xact_lock(${numbered("$1 || held_key")}) from (
  select held_key from concurrency_keys where task_id = $2 and held_key is not null order by held_key) as keys`;
const oneName = `select pg_advisory_xact_lock(${numbered("$1")})`;
/** Waits for every transaction that has begun to change tasks, and lets no other begin. */
const allTasks = `lock table tasks in share mode`;

export function lockQuery(uid: string, lock: Lock): QueryConfig {
  switch (lock.of) {
    case "keys":
      return { name: "keruta_keys", text: keysOfTask, values: [`${uid}:key:`, lock.task] };
    case "adding":
      return { name: "keruta_lock", text: oneName, values: [`${uid}:add:${lock.key}`] };
    case "channel":
      return { name: "keruta_lock", text: oneName, values: [`${uid}:channel:${lock.channel}`] };
    case "claims":
      return { text: allTasks };
  }
}

/**
 * Held from the numbering of events to the commit. Without it a later number could be seen first, and who has read up
 * to there would never look below it again.
 */
export function eventsLock(uid: string): QueryConfig {
  return { name: "keruta_lock", text: oneName, values: [`${uid}:events`] };
}

/** One process at a time makes or changes the tables of a schema. */
export function migrationLock(schema: string): QueryConfig {
  return { text: oneName, values: [`keruta:tables:${schema}`] };
}
