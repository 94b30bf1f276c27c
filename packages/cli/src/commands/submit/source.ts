import { usageError } from "../../errors/usage.ts";
import { givenTaskFlags, type TaskFlags } from "../../task-flags/task-flags.ts";

/** Where the task comes from: the queue's next, one of the queue, or a new one. */
export type SubmitSource =
  | { readonly kind: "next" }
  | { readonly kind: "task"; readonly task: string }
  | {
      readonly kind: "new";
      readonly file: string | undefined;
      readonly from: string | undefined;
      readonly flags: TaskFlags;
      readonly command: readonly string[];
    };

export interface SourceFlags extends TaskFlags {
  readonly file?: string;
  readonly from?: string;
}

/** `--runner` and `--namespace` say how to run and not what, so they make no new task by themselves. */
export function sourceOf(
  task: string | undefined,
  flags: SourceFlags,
  command: readonly string[],
): SubmitSource {
  const { file, from, ...others } = flags;
  const describing = givenTaskFlags(others).filter((name) => name !== "--runner" && name !== "--namespace");
  const isNew = file !== undefined || from !== undefined || command.length > 0 || describing.length > 0;
  if (task !== undefined && isNew) {
    const what =
      describing[0] ?? (file === undefined ? (from === undefined ? "-- COMMAND" : "--from") : "-f");
    throw usageError(
      {
        en: `${what} makes a new task, and ${task} is one of the queue.`,
        ja: `${what} は新しいタスクの指定ですが、${task} はキューのタスクです。`,
      },
      {
        en: `To run a copy with changes: keruta submit --from ${task} …`,
        ja: `変更して複製を実行するには: keruta submit --from ${task} …`,
      },
    );
  }
  if (file !== undefined && from !== undefined) {
    throw usageError({ en: "-f and --from exclude each other.", ja: "-f と --from は同時に使えません。" });
  }
  if (isNew) return { kind: "new", file, from, flags: others, command };
  return task === undefined ? { kind: "next" } : { kind: "task", task };
}
