import type { NewTask } from "../../domain/task/task.ts";
import { concurrencyKeysOf } from "../../domain/task/concurrency.ts";
import { folded } from "./folded.ts";
import { run, statement, type Program } from "./program.ts";
import type { TaskTable } from "./schema.ts";
import { millisecondsOf } from "./time.ts";

type Written = Pick<
  TaskTable,
  | "title"
  | "description"
  | "priority"
  | "priority_rank"
  | "labels"
  | "spec"
  | "not_before"
  | "hold"
  | "runner"
  | "namespace"
  | "deadline"
  | "keyed"
>;

/** The columns that follow from what a person wrote. */
export function writtenColumns(task: NewTask): Written {
  const { spec } = task;
  return {
    title: task.title,
    description: task.description,
    priority: task.priority,
    // Not -priority: that makes -0 of 0, which SQLite stores as a real.
    priority_rank: 0 - task.priority,
    labels: JSON.stringify(task.labels),
    spec: JSON.stringify(spec),
    not_before: spec.notBefore ? millisecondsOf(spec.notBefore) : 0,
    hold: spec.hold === true ? 1 : 0,
    runner: spec.runner ?? null,
    namespace: spec.namespace === "" ? null : (spec.namespace ?? null),
    deadline: spec.deadline ? millisecondsOf(spec.deadline) : null,
    keyed: concurrencyKeysOf(spec).length > 0 ? 1 : 0,
  };
}

const insertLabel = statement((db, p: { task: string; key: string; value: string }) =>
  db.insertInto("task_labels").values({ task_id: p.task, key: p.key, value: p.value }),
);

const insertKey = statement((db, p: { task: string; key: string; limit: number }) =>
  db
    .insertInto("concurrency_keys")
    .values({ task_id: p.task, key: p.key, key_limit: p.limit, held_key: null }),
);

const insertSearch = statement((db, p: { task: string; text: string }) =>
  db.insertInto("task_search").values({ task_id: p.task, text: p.text }),
);

/** The rows beside the task's own. */
export function* insertDependents(id: string, task: NewTask): Program<void> {
  for (const [key, value] of Object.entries(task.labels)) yield* run(insertLabel({ task: id, key, value }));
  for (const { key, limit } of concurrencyKeysOf(task.spec)) yield* run(insertKey({ task: id, key, limit }));
  yield* run(insertSearch({ task: id, text: folded([id, task.title, task.description].join("\n")) }));
}

const deleteLabels = statement((db, p: { task: string }) =>
  db.deleteFrom("task_labels").where("task_id", "=", p.task),
);
const deleteKeys = statement((db, p: { task: string }) =>
  db.deleteFrom("concurrency_keys").where("task_id", "=", p.task),
);
const deleteSearch = statement((db, p: { task: string }) =>
  db.deleteFrom("task_search").where("task_id", "=", p.task),
);

export function* deleteDependents(id: string): Program<void> {
  yield* run(deleteLabels({ task: id }));
  yield* run(deleteKeys({ task: id }));
  yield* run(deleteSearch({ task: id }));
}
