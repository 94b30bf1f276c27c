import { dictionary } from "../language/dictionary.ts";

export const words = dictionary({
  title: { en: "Log settings", ja: "ログ設定" },
  retention: { en: "How long it is kept", ja: "保存期間" },
  archive: { en: "Rotation and archive", ja: "ローテーションとアーカイブ" },
  levels: { en: "Levels", ja: "ログレベル" },
  notify: { en: "Notifications", ja: "通知" },
  email: { en: "Email", ja: "メール" },
  test: { en: "Send a test", ja: "テスト送信" },
  sending: { en: "Sending…", ja: "送信中…" },
  testWhy: {
    en: "Sends a test to every channel that the saved rules use, and shows what the other side said.",
    ja: "保存済みのルールで使う通知先すべてにテストを送り、相手の応答を表示します。",
  },
  secrets: {
    en: "The SMTP password, Slack's URL and the webhook's secret are not kept here: the server takes them from KERUTA_NOTIFY_… variables or files.",
    ja: "SMTP のパスワード、Slack の URL、Webhook の署名鍵はここには保存しません。サーバーの環境変数 KERUTA_NOTIFY_… またはファイルで渡します。",
  },
  noChannel: {
    en: "No rule names a channel that is set up.",
    ja: "設定済みの通知先を使うルールがありません。",
  },
  sent: { en: "sent", ja: "送信済み" },
  notSent: { en: "not sent", ja: "送信できません" },
  recent: { en: "Recent messages", ja: "最近の通知" },
  nothingSent: { en: "Nothing was sent yet.", ja: "まだ通知はありません。" },
  time: { en: "Time", ja: "時刻" },
  channel: { en: "Channel", ja: "通知先" },
  subject: { en: "Subject", ja: "件名" },
  state: { en: "State", ja: "状態" },
  tries: { en: "Tries", ja: "試行回数" },
  waiting: { en: "waiting", ja: "送信待ち" },
  failed: { en: "failed", ja: "失敗" },
  digested: { en: "sent with others", ja: "まとめて送信済み" },
  detail: { en: "Answer", ja: "応答" },
});
