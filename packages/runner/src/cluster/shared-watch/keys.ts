import { jobNameOf, podLabels } from "@keruta/shared/domain";
import type { ObjectOf, WatchKind, WatchSelection } from "../cluster.ts";

/**
 * The name of the Job that an object is about: an attempt's key. undefined for what is no attempt's, such as other
 * people's events.
 */
export function keyOf<K extends WatchKind>(kind: K, object: ObjectOf[K]): string | undefined {
  return keysOf[kind](object);
}

const keysOf: { readonly [K in WatchKind]: (object: ObjectOf[K]) => string | undefined } = {
  jobs: ({ metadata }) => metadata.name,
  pods: ({ metadata }) => {
    const taskId = metadata.labels?.[podLabels.taskId];
    const attempt = metadata.labels?.[podLabels.attempt];
    return taskId === undefined || attempt === undefined ? undefined : jobNameOf(taskId, Number(attempt));
  },
  events: ({ involvedObject: { kind, name } }) => {
    if (!name?.startsWith(jobPrefix)) return undefined;
    // The Job controller puts a dash and five characters behind a Job's name.
    return kind === "Pod" ? name.replace(/-[^-]+$/, "") : name;
  },
};

const jobPrefix = "keruta-";

/** The attempt that a selection is about; undefined for one that is about something else. */
export function keyOfSelection(kind: WatchKind, selection: WatchSelection): string | undefined {
  switch (kind) {
    case "jobs":
      return /^metadata\.name=(.+)$/.exec(selection.fieldSelector ?? "")?.[1];
    case "pods": {
      const [taskId, attempt] = [podLabels.taskId, podLabels.attempt].map(
        (label) => new RegExp(`(?:^|,)${label}=([^,]+)`).exec(selection.labelSelector ?? "")?.[1],
      );
      return taskId === undefined || attempt === undefined ? undefined : jobNameOf(taskId, Number(attempt));
    }
    case "events":
      return selection.objectNamePrefix;
  }
}
