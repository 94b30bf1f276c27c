import { dictionary } from "../language/dictionary.ts";

export const words = dictionary({
  title: { en: "Status", ja: "状況" },
  counts: { en: "Tasks by status", ja: "状態別のタスク数" },
  running: { en: "Running now", ja: "実行中のタスク" },
  waiting: { en: "Waiting, and why", ja: "実行待ちのタスクと待っている理由" },
  failedToday: { en: "Failed today", ja: "今日失敗したタスク" },
  workers: { en: "Workers", ja: "ワーカー" },
  nothingRuns: { en: "Nothing runs.", ja: "実行中のタスクはありません。" },
  nothingWaits: { en: "Nothing waits.", ja: "実行待ちのタスクはありません。" },
  nothingFailed: { en: "Nothing failed today.", ja: "今日失敗したタスクはありません。" },
  noWorkers: {
    en: "No worker is alive. What is queued waits until `keruta worker` or `keruta serve --worker` runs.",
    ja: "稼働中のワーカーがいません。`keruta worker` または `keruta serve --worker` を起動するまで、タスクは実行されません。",
  },
  workersElsewhere: {
    en: "Who is bound to namespaces does not see the workers.",
    ja: "ネームスペースが限定されているため、ワーカーは表示されません。",
  },
  attempts: (n: number) => ({
    en: n === 1 ? "1 attempt" : `${String(n)} attempts`,
    ja: `試行 ${String(n)} 件`,
  }),
  paused: {
    en: "The queue is paused: nothing new starts.",
    ja: "キューは一時停止中です。新しいタスクは開始されません。",
  },
  all: { en: "Show all", ja: "すべて表示" },
});
