import { dictionary } from "../language/dictionary.ts";

export const words = dictionary({
  title: { en: "Workers", ja: "ワーカー" },
  name: { en: "Worker", ja: "ワーカー" },
  attempts: { en: "Attempts it drives", ja: "実行中の試行" },
  alive: { en: "Known to live until", ja: "生存確認の期限" },
  none: {
    en: "No worker is alive: what waits is not run. Start one with `keruta worker`, or the server with `--worker`.",
    ja: "稼働中のワーカーがいません。実行待ちのタスクは実行されません。`keruta worker` を起動するか、サーバーを `--worker` 付きで起動してください。",
  },
  paused: {
    en: "The queue is paused: no task is started.",
    ja: "キューは一時停止中です。新しいタスクは開始されません。",
  },
  running: { en: "The queue hands out tasks.", ja: "キューは稼働中です。" },
  pause: { en: "Pause the queue", ja: "キューを一時停止" },
  resume: { en: "Resume the queue", ja: "キューを再開" },
  pauseWhy: {
    en: "Tasks that run go on; none is started until the queue is resumed.",
    ja: "実行中のタスクは継続します。再開するまで新しいタスクは開始されません。",
  },
});
