import type { NewTask } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { readTasks } from "../../task-flags/read-tasks.ts";
import { getTask } from "../../tasks/resolve.ts";
import type { SubmitSource } from "./source.ts";

type NewSource = Extract<SubmitSource, { kind: "new" }>;

/** The one task that file, `--from`, flags and `-- COMMAND` describe together. */
export async function newTask(context: Context, queue: Queue, source: NewSource): Promise<NewTask> {
  const base = source.from === undefined ? undefined : await copyOf(queue, source.from);
  const [task, ...others] = await readTasks(context, { ...source, ...(base && { base }) });
  if (task !== undefined && others.length === 0) return task;
  const { file } = source;
  throw usageError(
    {
      en: `${String(file)} has ${String(others.length + 1)} tasks, and submit runs one.`,
      ja: `${String(file)} には ${String(others.length + 1)} 件のタスクがありますが、submit が実行するのは 1 件です。`,
    },
    {
      en: `Queue them with \`keruta add -f ${String(file)}\` and run each with \`keruta submit\`.`,
      ja: `\`keruta add -f ${String(file)}\` でキューに入れ、\`keruta submit\` で 1 件ずつ実行してください。`,
    },
  );
}

async function copyOf(queue: Queue, reference: string): Promise<NewTask> {
  const { title, description, priority, labels, spec } = await getTask(queue, reference);
  return { title, description, priority, labels, spec };
}
