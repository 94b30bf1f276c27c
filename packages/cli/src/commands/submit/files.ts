import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { exitCodes, taskJson, type Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { replaceFile } from "../../files/replace-file.ts";
import { fetchArtifacts } from "../artifacts/fetch.ts";

/** Finds out before a task is queued what would keep its files from being written. */
export async function checkWritable(context: Context, file: string): Promise<void> {
  const path = resolve(context.directory, file);
  await replaceFile(context, path, async () => {
    const place = await stat(path).catch(() => undefined);
    if (place?.isDirectory()) throw Object.assign(new Error("a directory"), { code: "EISDIR" });
    return false;
  });
}

export async function writeIdFile(context: Context, file: string, id: string): Promise<void> {
  await writeWhole(context, file, `${id}\n`);
}

export async function writeResult(context: Context, file: string, task: Task): Promise<void> {
  await writeWhole(context, file, `${JSON.stringify(taskJson(task), null, 2)}\n`);
}

/** What the task left goes where the caller wants it; copying again replaces what an earlier run put there. */
export async function copyArtifacts(
  context: Context,
  queue: Queue,
  task: Task,
  directory: string,
): Promise<void> {
  const { attempt } = task;
  if (!attempt?.artifacts) return;
  const to = resolve(context.directory, directory);
  const copied = await fetchArtifacts(context, {
    queue,
    task,
    attempt,
    paths: [],
    directory: to,
    force: true,
  });
  if (copied === null && context.exitCode === 0) context.exitCode = exitCodes.cancelled;
}

async function writeWhole(context: Context, file: string, text: string): Promise<void> {
  await replaceFile(context, resolve(context.directory, file), async (half) => {
    await half.write(text);
    return true;
  });
}
