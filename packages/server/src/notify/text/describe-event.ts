import { counted, reasonExplanations, type NotifyEvent } from "@keruta/shared/domain";
import { oneLine } from "./clean.ts";
import type { Paragraph, Wording } from "./describe.ts";

interface DescribedEvent {
  /** For a subject, or a line of a list. */
  readonly heading: string;
  readonly paragraphs: readonly Paragraph[];
}

const lineLength = 500;

type EventOf<T extends NotifyEvent["type"]> = Extract<NotifyEvent, { readonly type: T }>;

export function describeEvent(event: NotifyEvent, wording: Wording): DescribedEvent {
  switch (event.type) {
    case "TaskFinished":
      return describeFailure(event, wording);
    case "DeadlineMissed":
      return describeDeadline(event, wording);
    case "Log":
      return describeLog(event, wording);
  }
}

function describeFailure(
  { data, attempt, taskId }: EventOf<"TaskFinished">,
  { language }: Wording,
): DescribedEvent {
  const { reason, exitCode } = data;
  const message = oneLine(data.message, lineLength);
  const told = reasonExplanations[reason];
  const number = String(attempt ?? 1);
  const code = exitCode === null ? null : String(exitCode);
  const isJapanese = language === "ja";
  const facts = isJapanese
    ? `試行 ${number}、理由 ${reason}${code === null ? "" : `、終了コード ${code}`}`
    : `attempt ${number}, reason ${reason}${code === null ? "" : `, exit code ${code}`}`;
  return {
    heading: isJapanese ? `タスク失敗（${reason}）` : `Task failed (${reason})`,
    paragraphs: [
      prose(
        `${isJapanese ? "失敗しました" : "It failed"}: ${facts}`,
        told.what[language],
        ...(message === "" ? [] : [message]),
        told.remedy[language].replaceAll(/\bID\b/g, taskId),
      ),
    ],
  };
}

function describeDeadline(
  { data: { deadline } }: EventOf<"DeadlineMissed">,
  { language }: Wording,
): DescribedEvent {
  return language === "ja"
    ? { heading: "期限超過", paragraphs: [prose(`期限 ${deadline} までに終わりませんでした。`)] }
    : { heading: "Deadline missed", paragraphs: [prose(`It had not ended by its deadline, ${deadline}.`)] };
}

function describeLog({ data, attempt }: EventOf<"Log">, { language }: Wording): DescribedEvent {
  const { errors, warnings, records } = data;
  const isJapanese = language === "ja";
  const counts = [
    ...(errors > 0 ? [isJapanese ? `エラー ${figure(errors)} 件` : counted(errors, "error")] : []),
    ...(warnings > 0 ? [isJapanese ? `警告 ${figure(warnings)} 件` : counted(warnings, "warning")] : []),
  ].join(isJapanese ? "、" : ", ");
  const { firstTime: from, lastTime: to } = data;
  const number = String(attempt ?? 1);
  const left = errors + warnings - records.length;
  // Where all are errors, the word would only stand beside the line's own.
  const quote = records.map(({ timestamp, level, message }) =>
    [timestamp, ...(warnings > 0 ? [level] : []), oneLine(message, lineLength)].join(" "),
  );
  const more = isJapanese ? `…ほか ${figure(left)} 件` : `… and ${figure(left)} more`;
  const lead = isJapanese
    ? `ログ（試行 ${number}）: ${counts}、${from} ～ ${to}`
    : `In the log of attempt ${number}: ${counts}, from ${from} to ${to}`;
  return {
    heading: isJapanese ? `ログに${counts}` : `${counts} in the log`,
    paragraphs: [
      prose(lead),
      ...(records.length === 0 ? [] : [{ lines: [...quote, ...(left > 0 ? [more] : [])], isQuote: true }]),
    ],
  };
}

function prose(...lines: readonly string[]): Paragraph {
  return { lines, isQuote: false };
}

function figure(count: number): string {
  return count.toLocaleString("en-US");
}
