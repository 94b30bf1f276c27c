import { maxTaskBytes } from "../domain/task/limits.ts";
import type { NewTask } from "../domain/task/task.ts";
import { checkRule } from "./check.ts";
import { collectComplaints, invalidTask, type Complaint, type Locate } from "./complaint.ts";
import { checkSpec } from "./constraints/spec.ts";
import type { TaskDocument } from "./document.ts";
import { normaliseTask } from "./normalise.ts";
import { isMapping, valueAt } from "./path.ts";
import { checkPlain } from "./plain.ts";
import { taskRule } from "./schema/task.ts";
import { taskTooLarge } from "./too-large.ts";

/** Where a value came from, for messages. */
export interface TaskOrigin {
  /** The file, or for example `the flags`. */
  readonly name: string;
  /** The document that flags were merged over: what they left alone keeps its line. */
  readonly document?: TaskDocument;
}

/**
 * The task that a plain value describes, `apiVersion` and `kind` included. Throws KRT_TASK_INVALID with all
 * complaints, or KRT_TASK_TOO_LARGE.
 */
export function validateTask(value: unknown, origin: TaskOrigin): NewTask {
  const { task, complaints } = examineTask(value, origin);
  if (!task) throw invalidTask(origin.name, complaints);
  return task;
}

export interface Examined {
  /** undefined where there are complaints. */
  readonly task: NewTask | undefined;
  readonly complaints: readonly Complaint[];
}

/** Throws KRT_TASK_TOO_LARGE only: of so much, nothing else is worth a word. */
export function examineTask(value: unknown, origin: TaskOrigin): Examined {
  const { document } = origin;
  const locate: Locate = (path, target) =>
    document && Object.is(valueAt(document.value, path), valueAt(value, path))
      ? document.locate(path, target)
      : null;
  const { report, all } = collectComplaints(origin.name, locate);
  const { sound, bytes } = checkPlain(value, report);
  const place = document ? `${origin.name}:${String(document.line)}` : origin.name;
  if (bytes > maxTaskBytes) throw taskTooLarge(place, bytes);
  checkRule(taskRule, value, [], report);
  if (isMapping(value) && isMapping(value["spec"])) checkSpec(value["spec"], ["spec"], report);
  const task = sound && all.length === 0 && isMapping(value) ? normaliseTask(value) : undefined;
  return { task, complaints: all };
}
