import { dictionary } from "../language/dictionary.ts";

export const words = dictionary({
  title: { en: "Audit log", ja: "監査ログ" },
  time: { en: "Time", ja: "時刻" },
  who: { en: "Who", ja: "実行者" },
  action: { en: "Action", ja: "操作" },
  target: { en: "Target", ja: "対象" },
  details: { en: "Details", ja: "詳細" },
  address: { en: "From", ja: "接続元" },
  none: { en: "Nothing was changed yet.", ja: "まだ記録はありません。" },
  older: { en: "Older entries", ja: "古い記録" },
  newest: { en: "Newest entries", ja: "最新の記録" },
});
