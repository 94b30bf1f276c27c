import { apiVersion, type NewTask } from "@keruta/shared/domain";
import { parseTaskFile, validateTask } from "@keruta/shared/taskfile";
import type { Context } from "../context/context.ts";
import { readInput } from "../files/read-input.ts";
import { applyTaskFlags } from "./apply-task-flags.ts";
import type { TaskFlags } from "./task-flags.ts";

export interface TaskInput {
  readonly file: string | undefined;
  readonly flags: TaskFlags;
  /** What stood after `--`. */
  readonly command: readonly string[];
  /** A task to begin with, where there is no file. */
  readonly base?: NewTask;
}

/** The tasks that a file, flags and `-- COMMAND` describe together; without a file it is one. All are checked. */
export async function readTasks(
  context: Context,
  { file, flags, command, base }: TaskInput,
): Promise<readonly NewTask[]> {
  if (file === undefined) {
    return [
      validateTask(
        { apiVersion, kind: "Task", ...applyTaskFlags({ ...base }, flags, command) },
        { name: "options" },
      ),
    ];
  }
  const input = await readInput(context, file);
  // Alone, the file stands as it is: an empty `spec` would be one that flags had given it.
  if (Object.keys(flags).length === 0 && command.length === 0) return parseTaskFile(input);
  return parseTaskFile(input, (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? applyTaskFlags(value as Readonly<Record<string, unknown>>, flags, command)
      : value,
  );
}
