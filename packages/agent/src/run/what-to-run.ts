import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, KerutaError, runFiles, type Text } from "@keruta/shared/domain";

export interface WhatToRunOptions {
  /** What stood after `--`. */
  readonly command: readonly string[];
  readonly taskFile: string | undefined;
  readonly runDirectory: string;
}

/** The argv to run: from the agent's own arguments, else the script or the command of the task file. */
export async function whatToRun({
  command,
  taskFile,
  runDirectory,
}: WhatToRunOptions): Promise<readonly string[]> {
  if (command.length > 0) return command;
  if (taskFile === undefined || taskFile === "") {
    throw agentError({
      en: "There is nothing to run: no command after -- and no KERUTA_TASK_FILE.",
      ja: "実行するものがありません (-- の後のコマンドも KERUTA_TASK_FILE もありません)。",
    });
  }
  const spec = await readSpec(taskFile);
  if (typeof spec["script"] === "string" && spec["script"] !== "") {
    // From a file: a script may be longer than an argument can be.
    const script = join(runDirectory, runFiles.script);
    await writeFile(script, spec["script"], { mode: 0o700 });
    return ["sh", "-e", script];
  }
  const argv = [...words(spec["command"]), ...words(spec["args"])];
  if (argv.length > 0) return argv;
  throw agentError({
    en: `There is nothing to run: the task in ${taskFile} has neither command nor script.`,
    ja: `実行するものがありません (${taskFile} のタスクに command も script もありません)。`,
  });
}

async function readSpec(taskFile: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const task = JSON.parse(await readFile(taskFile, "utf8")) as { spec?: unknown } | null;
    const spec = task?.spec;
    return typeof spec === "object" && spec !== null ? (spec as Readonly<Record<string, unknown>>) : {};
  } catch (error) {
    const why = codeOf(error) ?? "not JSON";
    throw agentError(
      {
        en: `The task file ${taskFile} cannot be read (${why}).`,
        ja: `タスクファイル ${taskFile} を読めません (${why})。`,
      },
      error,
    );
  }
}

function words(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === "string") : [];
}

function agentError(text: Text, cause?: unknown): KerutaError {
  return new KerutaError("KRT_AGENT", text, {
    cause,
    hint: {
      en: "Give the task a `command` or a `script`, or a command after --.",
      ja: "タスクに command か script を書くか、-- の後にコマンドを指定してください。",
    },
  });
}
