import { dictionary } from "../language/dictionary.ts";

/** What more than one screen says. */
export const common = dictionary({
  loading: { en: "Loading…", ja: "読み込み中…" },
  close: { en: "Close", ja: "閉じる" },
  back: { en: "Go back", ja: "戻る" },
  again: { en: "Try again", ja: "もう一度試す" },
  newTask: { en: "New task", ja: "タスクを作成" },
  logs: { en: "Logs", ja: "ログ" },
  cancelTask: { en: "Cancel task", ja: "中止" },
  retry: { en: "Retry", ja: "再実行" },
  runAgain: { en: "Copy and run", ja: "複製して実行" },
  edit: { en: "Edit", ja: "編集" },
  delete: { en: "Delete", ja: "削除" },
  title: { en: "Title", ja: "タイトル" },
  status: { en: "Status", ja: "状態" },
  priority: { en: "Priority", ja: "優先度" },
  labels: { en: "Labels", ja: "ラベル" },
  reason: { en: "Reason", ja: "理由" },
  remedy: { en: "What to do", ja: "対処" },
  attempt: { en: "Attempt", ja: "試行" },
  namespace: { en: "Namespace", ja: "ネームスペース" },
  artifacts: { en: "Artifacts", ja: "成果物" },
  created: { en: "Created", ja: "作成" },
  none: { en: "None", ja: "なし" },
});
