import {
  phaseWords,
  type AttemptPhase,
  type BlockReason,
  type Category,
  type EventType,
  type TaskStatus,
  type Text,
} from "@keruta/shared/domain";
import { say } from "../language/language.ts";

export const statusWords: Readonly<Record<TaskStatus, Text>> = {
  PENDING: { en: "Pending", ja: "実行待ち" },
  IN_PROGRESS: { en: "Running", ja: "実行中" },
  COMPLETED: { en: "Completed", ja: "正常終了" },
  FAILED: { en: "Failed", ja: "失敗" },
  CANCELLED: { en: "Cancelled", ja: "中止" },
};

/** As it stands by itself. */
export function sayPhase(phase: AttemptPhase): string {
  const words = say(phaseWords[phase]);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const categoryWords: Readonly<Record<Category, Text>> = {
  command: { en: "the command", ja: "コマンド" },
  user: { en: "a person", ja: "利用者" },
  infrastructure: { en: "infrastructure", ja: "基盤" },
  start: { en: "the start", ja: "起動" },
  "task-definition": { en: "the task's definition", ja: "タスクの定義" },
};

export const blockWords: Readonly<Record<BlockReason, Text>> = {
  priority: { en: "In line", ja: "順番待ち" },
  held: { en: "Held", ja: "保留中" },
  paused: { en: "Queue paused", ja: "キュー一時停止中" },
  notBefore: { en: "Not due yet", ja: "開始時刻前" },
  concurrency: { en: "Concurrency limit", ja: "同時実行の上限" },
  noDriver: { en: "No worker", ja: "ワーカーなし" },
  cluster: { en: "Another cluster", ja: "別のクラスター" },
};

export const eventWords: Readonly<Record<EventType, Text>> = {
  TaskAdded: { en: "Added", ja: "追加" },
  TaskUpdated: { en: "Changed", ja: "変更" },
  TaskCancelRequested: { en: "Cancel requested", ja: "中止を要求" },
  TaskRetried: { en: "Retried", ja: "再実行" },
  TaskFinished: { en: "Task ended", ja: "タスク終了" },
  DeadlineMissed: { en: "Deadline missed", ja: "期限超過" },
  AttemptStarted: { en: "Attempt started", ja: "試行を開始" },
  AttemptTakenOver: { en: "Attempt taken over", ja: "試行を引き継ぎ" },
  AttemptReleased: { en: "Attempt handed back", ja: "試行を返却" },
  PhaseChanged: { en: "Phase", ja: "段階" },
  Progress: { en: "Progress", ja: "進捗" },
  Log: { en: "Log", ja: "ログ" },
  AttemptFinished: { en: "Attempt ended", ja: "試行が終了" },
};
