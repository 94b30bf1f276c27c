import {
  describeDuration,
  isTerminal,
  reasonExplanations,
  type Task,
  type Text,
} from "@keruta/shared/domain";
import { withId } from "../tasks/with-id.ts";

/** The last line that keruta says of a task: what became of it, why, and what to do. */
export function lastWords(task: Task): Text {
  const { id, status, attempt } = task;
  if (!isTerminal(status)) {
    return {
      en: `${id} ${status}: it goes on without this command.`,
      ja: `${id} ${status}: このコマンドなしで続きます。`,
    };
  }
  if (!attempt?.reason) {
    return { en: `${id} ${status}: it never started.`, ja: `${id} ${status}: 開始されませんでした。` };
  }
  const { reason, exitCode, signal, commandStartedAt, finishedAt, message } = attempt;
  const took =
    commandStartedAt === null || finishedAt === null
      ? null
      : describeDuration(Date.parse(finishedAt) - Date.parse(commandStartedAt));
  const facts = (codeWord: string, afterWord: string) =>
    [
      exitCode === null ? null : `${codeWord} ${String(exitCode)}`,
      signal,
      took === null ? null : `${afterWord}${took}`,
    ]
      .filter((fact) => fact !== null)
      .join(", ");
  const detail = message === "" ? "" : ` ${message}`;
  const remedy = status === "COMPLETED" ? null : withId(reasonExplanations[reason].remedy, id);
  const parenthesised = (text: string) => (text === "" ? "" : ` (${text})`);
  return {
    en: `${id} ${status}: ${reason}${parenthesised(facts("exit code", "after "))}.${detail}${remedy ? ` ${remedy.en}` : ""}`,
    ja: `${id} ${status}: ${reason}${parenthesised(facts("終了コード", "実行時間 "))}。${detail}${remedy ? remedy.ja : ""}`,
  };
}
