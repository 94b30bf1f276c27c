import { podLabels } from "@keruta/shared/domain";
import type { Job } from "../../cluster/objects.ts";

interface ByLabels {
  readonly labelSelector: string;
}

/** Objects whose labels of these names have these values. */
export function selectByLabels(
  names: readonly string[],
  values: Readonly<Record<string, string>> = {},
): ByLabels {
  return { labelSelector: names.map((name) => `${name}=${values[name] ?? ""}`).join(",") };
}

/** The Pods of a Job's attempt, which may outlive it. */
export function podsOf({ labels }: Pick<Job["metadata"], "labels">): ByLabels {
  return selectByLabels([podLabels.queue, podLabels.taskId, podLabels.attempt], labels);
}
