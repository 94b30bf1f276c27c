import { apiVersion, type Task } from "./task.ts";

/** The task as the agent and the command read it from KERUTA_TASK_FILE. */
export function taskFileText(task: Task): string {
  return JSON.stringify({ apiVersion, kind: "Task", ...task });
}
