import { amongJapanese } from "@keruta/shared/domain";
import { dictionary } from "../language/dictionary.ts";

export const words = dictionary({
  title: { en: "Kubernetes settings", ja: "Kubernetes設定" },
  kubernetes: { en: "Kubernetes", ja: "Kubernetes" },
  agent: { en: "Agent in the Pods", ja: "Pod 内のエージェント" },
  tasks: { en: "Tasks and workers", ja: "タスクとワーカー" },
  git: { en: "Repositories", ja: "リポジトリ" },
  artifacts: { en: "Artifacts", ja: "成果物" },
  policy: { en: "What tasks may ask for", ja: "タスクに許可する内容" },
  others: { en: "Others", ja: "その他" },
  default: { en: "built in", ja: "既定値" },
  flag: { en: "from a flag of the server", ja: "サーバーのフラグでの指定" },
  environment: { en: "from an environment variable of the server", ja: "サーバーの環境変数での指定" },
  database: { en: "saved", ja: "保存された値" },
  kubeconfig: { en: "from the kubeconfig", ja: "kubeconfig の設定" },
  mustBe: (expects: { readonly en: string; readonly ja: string }) => ({
    en: `It must be ${expects.en}.`,
    ja: `${amongJapanese(expects.ja).trimStart()}を指定してください。`,
  }),
  toBuiltIn: { en: "Back to the built-in value", ja: "既定値に戻す" },
  toBuiltInOf: (key: string) => ({ en: `${key}: back to the built-in value`, ja: `${key} を既定値に戻す` }),
  yes: { en: "Yes", ja: "はい" },
  no: { en: "No", ja: "いいえ" },
  store: { en: "Save", ja: "保存" },
  forget: { en: "Discard changes", ja: "変更を破棄" },
  changes: (count: number) => ({
    en: count === 1 ? "1 change is not saved." : `${String(count)} changes are not saved.`,
    ja: `${String(count)} 件の変更が保存されていません。`,
  }),
  stored: { en: "The settings are saved.", ja: "設定を保存しました。" },
  readOnly: {
    en: "You may look at the settings, not change them.",
    ja: "設定は閲覧のみできます。",
  },
  test: { en: "Test the connection", ja: "接続テスト" },
  testing: { en: "Testing…", ja: "テスト中…" },
  allWell: { en: "All is well.", ja: "問題はありません。" },
  notWell: {
    en: "Something is not well; see below what to do.",
    ja: "問題があります。対処を確認してください。",
  },
  ok: { en: "OK", ja: "正常" },
  warning: { en: "Warning", ja: "警告" },
  failed: { en: "Failed", ja: "失敗" },
});
