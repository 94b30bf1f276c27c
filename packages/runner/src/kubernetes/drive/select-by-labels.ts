import { podLabels } from "@keruta/shared/domain";
import type { Job } from "../../cluster/objects.ts";

type Labels = Readonly<Record<string, string>>;

/** The labels that tell a task's objects from all others, and an attempt's. */
export const labelsOfTask = [podLabels.queue, podLabels.taskId] as const;
export const labelsOfAttempt = [...labelsOfTask, podLabels.attempt] as const;

export function haveSameLabels(names: readonly string[], one: Labels = {}, other: Labels = {}): boolean {
  return names.every((name) => one[name] === other[name]);
}

interface ByLabels {
  readonly labelSelector: string;
}

/** Objects whose labels of these names have these values. */
export function selectByLabels(names: readonly string[], values: Labels = {}): ByLabels {
  return { labelSelector: names.map((name) => `${name}=${values[name] ?? ""}`).join(",") };
}

/** The Pods of a Job's attempt, which may outlive it. */
export function podsOf({ labels }: Pick<Job["metadata"], "labels">): ByLabels {
  return selectByLabels(labelsOfAttempt, labels);
}
