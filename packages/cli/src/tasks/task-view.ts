import {
  describeBytes,
  describeDuration,
  skipWords,
  type Attempt,
  type Task,
  type Text,
} from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import { neutralise } from "../output/neutralise.ts";
import { colored, coloredStatus } from "../output/style.ts";
import { moment } from "../output/time.ts";
import { pad } from "../output/width.ts";
import { labelText } from "./task-table.ts";
import { whyTask } from "./why.ts";

/** All that people want to know of a task, on one page. */
export function taskView(context: Context, task: Task, artifacts: readonly ArtifactFile[]): string {
  const { translate, language, clock } = context;
  const { stdout } = context.io;
  const at = (time: string) => moment(time, clock(), language);
  const { what, remedy } = whyTask(task);
  const rows: (readonly [Text, string] | null)[] = [
    [{ en: "Status", ja: "状態" }, coloredStatus(stdout, task.status)],
    [{ en: "Why", ja: "理由" }, neutralise(translate(what))],
    remedy && [{ en: "Remedy", ja: "対処" }, translate(remedy)],
    [{ en: "Priority", ja: "優先度" }, String(task.priority)],
    task.description === "" ? null : [{ en: "Description", ja: "説明" }, neutralise(task.description)],
    Object.keys(task.labels).length === 0 ? null : [{ en: "Labels", ja: "ラベル" }, labelText(task.labels)],
    [{ en: "Runs", ja: "実行内容" }, neutralise(commandText(task))],
    [{ en: "Created", ja: "作成" }, `${at(task.createdAt)} ${neutralise(task.createdBy)}`],
    [{ en: "Updated", ja: "更新" }, at(task.updatedAt)],
  ];
  const title = colored(stdout, "bold", `${task.id}  ${neutralise(task.title)}`);
  return [
    `${title}\n`,
    fieldLines(
      rows.filter((row) => row !== null),
      translate,
    ),
    ...section(
      translate({ en: "Attempts", ja: "試行" }),
      task.attempts.map((attempt) => attemptLine(attempt, at, translate)),
    ),
    ...section(
      translate({ en: "Artifacts", ja: "成果物" }),
      artifacts.map((file) => artifactLine(file, translate)),
    ),
  ].join("");
}

function fieldLines(rows: readonly (readonly [Text, string])[], translate: (text: Text) => string): string {
  return rows.map(([name, value]) => `${pad(translate(name), 12)} ${value}\n`).join("");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`\n${title}\n`, ...lines.map((line) => `  ${line}\n`)];
}

function commandText({ spec }: Task): string {
  const { image, command, args, script, repository } = spec;
  const words = [...(command ?? []), ...(args ?? [])].map(quoted).join(" ");
  const runs = script ? script.trim() : words;
  return (
    [image, runs, repository?.url].filter((part) => part !== undefined && part !== "").join(" · ") || "-"
  );
}

/** As one would type it, so that an argument with spaces is seen to be one. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function attemptLine(
  attempt: Attempt,
  at: (time: string) => string,
  translate: (text: Text) => string,
): string {
  const { number, runner, phase, reason, exitCode, signal, startedAt, finishedAt, driver } = attempt;
  const took = finishedAt === null ? "" : describeDuration(Date.parse(finishedAt) - Date.parse(startedAt));
  const end = reason ?? phase;
  const code = exitCode === null ? "" : translate(exitWords(exitCode));
  const parts = [`#${String(number)}`, end, code, signal ?? "", runner, at(startedAt), took, driver];
  return neutralise(parts.filter((part) => part !== "").join("  "));
}

function exitWords(code: number): Text {
  return { en: `exit ${String(code)}`, ja: `終了コード ${String(code)}` };
}

function artifactLine({ path, bytes, skipped }: ArtifactFile, translate: (text: Text) => string): string {
  const size = `${neutralise(path)}  ${describeBytes(bytes)}`;
  if (skipped === null) return size;
  const { en, ja } = skipWords[skipped];
  return `${size}  ${translate({ en: `(not collected: ${en})`, ja: `（未収集: ${ja}）` })}`;
}
