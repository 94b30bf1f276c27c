import type { AttemptPhase, BlockReason, Category, EventType, TaskStatus, Text } from "@keruta/shared/domain";

export const statusWords: Readonly<Record<TaskStatus, Text>> = {
  PENDING: { en: "Pending", ja: "実行待ち" },
  IN_PROGRESS: { en: "Running", ja: "実行中" },
  COMPLETED: { en: "Completed", ja: "正常終了" },
  FAILED: { en: "Failed", ja: "失敗" },
  CANCELLED: { en: "Cancelled", ja: "中止" },
};

export const phaseWords: Readonly<Record<AttemptPhase, Text>> = {
  Submitting: { en: "Submitting", ja: "投入中" },
  Scheduling: { en: "Scheduling", ja: "配置待ち" },
  Pulling: { en: "Pulling the image", ja: "イメージ取得中" },
  Cloning: { en: "Cloning", ja: "クローン中" },
  Starting: { en: "Starting", ja: "起動中" },
  Running: { en: "Running", ja: "実行中" },
  Collecting: { en: "Collecting artifacts", ja: "成果物を収集中" },
  Done: { en: "Done", ja: "終了" },
};

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
  paused: { en: "Queue paused", ja: "キュー停止中" },
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
