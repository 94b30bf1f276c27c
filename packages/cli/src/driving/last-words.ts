import { isTerminal, reasonExplanations, withId, type Task, type Text } from "@keruta/shared/domain";
import { endFacts } from "../tasks/end-facts.ts";

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
  const { reason, message } = attempt;
  const facts = endFacts(attempt);
  const detail = message === "" ? "" : ` ${message}`;
  const remedy = status === "COMPLETED" ? null : withId(reasonExplanations[reason].remedy, id);
  const parenthesised = (text: string) => (text === "" ? "" : ` (${text})`);
  return {
    en: `${id} ${status}: ${reason}${parenthesised(facts.en)}.${detail}${remedy ? ` ${remedy.en}` : ""}`,
    ja: `${id} ${status}: ${reason}${parenthesised(facts.ja)}。${detail}${remedy ? (detail === "" ? remedy.ja : ` ${remedy.ja}`) : ""}`,
  };
}
