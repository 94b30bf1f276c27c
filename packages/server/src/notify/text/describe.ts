import type { Language, NotifiedTask, NotifyEvent, NotifyMessage } from "@keruta/shared/domain";
import { oneLine } from "./clean.ts";
import { describeEvent } from "./describe-event.ts";

/** A message in words, for whatever shows it. No text in it has a line break of its own. */
export interface Described {
  readonly subject: string;
  readonly paragraphs: readonly Paragraph[];
}

export interface Paragraph {
  readonly lines: readonly string[];
  /** Log lines: shown as they are, apart from the rest. */
  readonly isQuote: boolean;
}

export interface Wording {
  readonly language: Language;
  /** With `{id}`; empty: commands are named instead. */
  readonly taskLink: string;
}

const titleLength = 120;
const namedTasks = 50;

export function describeMessage(message: NotifyMessage, wording: Wording): Described {
  const [task, ...others] = message.tasks;
  if (!task) return testMessage(wording.language);
  if (message.heldBack > 0 || others.length > 0) return describeDigest(message, wording);
  const told = message.events.map((event) => describeEvent(event, wording));
  const events = told.flatMap(({ paragraphs }) => paragraphs);
  return {
    subject: `[keruta] ${told[0]?.heading ?? ""}: ${titleOf(task)}`,
    paragraphs: [prose(...headOf(task, wording.language)), ...events, prose(wayOn(task, wording))],
  };
}

function prose(...lines: readonly string[]): Paragraph {
  return { lines, isQuote: false };
}

function headOf(task: NotifiedTask, language: Language): readonly string[] {
  const { id, labels, namespace, status } = task;
  const list = Object.entries(labels)
    .slice(0, 20)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
  const words =
    language === "ja"
      ? { task: "タスク", labels: "ラベル", namespace: "ネームスペース", status: "状態", gone: "削除済み" }
      : { task: "Task", labels: "Labels", namespace: "Namespace", status: "Status", gone: "deleted since" };
  return [
    `${words.task}: ${titleOf(task)} (${id})`,
    `${words.status}: ${status ?? words.gone}`,
    ...(list === "" ? [] : [`${words.labels}: ${oneLine(list, 500)}`]),
    ...(namespace === null ? [] : [`${words.namespace}: ${oneLine(namespace, 63)}`]),
  ];
}

function wayOn({ id }: NotifiedTask, { language, taskLink }: Wording): string {
  const way = taskLink === "" ? `keruta logs ${id}` : taskLink.replaceAll("{id}", id);
  return language === "ja" ? `続きを読む: ${way}` : `Read on: ${way}`;
}

/** One line a task, with all that happened to it. */
function describeDigest({ tasks, events, heldBack, omitted }: NotifyMessage, wording: Wording): Described {
  const isJapanese = wording.language === "ja";
  const byTask = new Map<string, NotifyEvent[]>();
  for (const event of events) byTask.set(event.taskId, [...(byTask.get(event.taskId) ?? []), event]);
  const lines = tasks.slice(0, namedTasks).map((task) => {
    const headings = (byTask.get(task.id) ?? []).map((event) => describeEvent(event, wording).heading);
    return `- ${titleOf(task)} (${task.id}): ${[...new Set(headings)].join(isJapanese ? "、" : "; ")}`;
  });
  const unnamed = omitted + Math.max(0, tasks.length - namedTasks);
  const [messages, more] = [String(heldBack), String(unnamed)];
  const why = isJapanese
    ? `通知が多いため、${messages} 件をこの 1 件にまとめました（上限は設定 keruta.notify.rate-limit）。`
    : `There was more to tell than this channel may get (setting keruta.notify.rate-limit): this stands for ${messages} messages.`;
  const rest = isJapanese
    ? `ほか ${more} 件（keruta notify list で確認できます）`
    : `and ${more} more (keruta notify list)`;
  return {
    subject: isJapanese ? `[keruta] 通知 ${messages} 件のまとめ` : `[keruta] ${messages} messages in one`,
    paragraphs: [prose(why), prose(...lines, ...(unnamed > 0 ? [rest] : []))],
  };
}

function testMessage(language: Language): Described {
  return language === "ja"
    ? {
        subject: "[keruta] 通知のテスト",
        paragraphs: [
          prose("keruta の通知設定のテストです。この通知が届いていれば、設定は正しく機能しています。"),
        ],
      }
    : {
        subject: "[keruta] A test of the notifications",
        paragraphs: [prose("This is a test of keruta's notifications. That it came means that they work.")],
      };
}

function titleOf({ id, title }: NotifiedTask): string {
  const shown = oneLine(title, titleLength);
  return shown === "" ? id : shown;
}
