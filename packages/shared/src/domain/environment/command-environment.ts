import { expandReferences, type Expansions } from "../expand.ts";
import { maxProcessStringBytes } from "../task/limits.ts";
import type { Task } from "../task/task.ts";
import { cutText } from "./cut-text.ts";

export interface EnvironmentInput {
  /** As it is at submission. */
  readonly task: Task;
  readonly attempt: number;
  /** Absolute paths where the command runs. */
  readonly workspace: string;
  readonly artifacts: string;
  readonly taskFile: string;
  /** With a server: its URL as the command reaches it. */
  readonly apiUrl?: string;
  /** Only where the value goes straight to the process: never into a manifest. */
  readonly apiToken?: string;
}

/** The values of `$(KERUTA_TASK_ID)` and its fellows; without a server `$(KERUTA_API_URL)` stays as it is. */
export function expansionsOf({ task, attempt, apiUrl }: EnvironmentInput): Expansions {
  return {
    KERUTA_TASK_ID: task.id,
    KERUTA_TASK_PRIORITY: String(task.priority),
    KERUTA_TASK_CREATED_AT: task.createdAt,
    KERUTA_ATTEMPT: String(attempt),
    ...(apiUrl !== undefined && { KERUTA_API_URL: apiUrl }),
  };
}

/** The task's own `env`, expanded, and keruta's variables (design section 5) over it. Secrets are the caller's. */
export function commandEnvironment(input: EnvironmentInput): Readonly<Record<string, string>> {
  const { task, attempt, workspace, artifacts, taskFile, apiUrl, apiToken } = input;
  const expansions = expansionsOf(input);
  const own = Object.entries(task.spec.env ?? {}).map(
    ([name, value]) => [name, expandReferences(value, expansions)] as const,
  );
  return {
    ...Object.fromEntries(own),
    KERUTA_TASK_ID: task.id,
    ...longText("KERUTA_TASK_TITLE", task.title),
    ...longText("KERUTA_TASK_DESCRIPTION", task.description),
    KERUTA_TASK_PRIORITY: String(task.priority),
    // Whatever the stored status says by now: the command runs, so it is this one.
    KERUTA_TASK_STATUS: "IN_PROGRESS",
    KERUTA_TASK_CREATED_AT: task.createdAt,
    KERUTA_TASK_UPDATED_AT: task.updatedAt,
    KERUTA_ATTEMPT: String(attempt),
    ...(apiUrl !== undefined && { KERUTA_API_URL: apiUrl }),
    ...(apiToken !== undefined && { KERUTA_API_TOKEN: apiToken }),
    KERUTA_WORKSPACE: workspace,
    KERUTA_ARTIFACTS: artifacts,
    KERUTA_TASK_FILE: taskFile,
  };
}

/** `KERUTA_VOLUME_BUILD_CACHE` for the volume `build-cache`: where the local runner keeps it. */
export function volumeVariable(volumeName: string): string {
  return `KERUTA_VOLUME_${volumeName.toUpperCase().replaceAll("-", "_")}`;
}

/** NUL ends a variable for the system, so one is shown as U+FFFD; the whole text is in KERUTA_TASK_FILE. */
function longText(name: string, value: string): Readonly<Record<string, string>> {
  // "=" and NUL.
  const room = maxProcessStringBytes - name.length - 2;
  const { text, truncated } = cutText(value.replaceAll("\0", "\uFFFD"), room);
  return truncated ? { [name]: text, [`${name}_TRUNCATED`]: "true" } : { [name]: text };
}
