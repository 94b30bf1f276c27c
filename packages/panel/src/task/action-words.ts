import { dictionary } from "../language/dictionary.ts";
import type { TaskAction } from "./actions.ts";
import type { Text } from "@keruta/shared/domain";

const count = (n: number) => (n === 1 ? "1 task" : `${String(n)} tasks`);

export const askWords: Readonly<Record<TaskAction, (n: number) => Text>> = {
  cancel: (n) => ({ en: `Cancel ${count(n)}?`, ja: `${String(n)} 件のタスクを中止しますか？` }),
  retry: (n) => ({ en: `Retry ${count(n)}?`, ja: `${String(n)} 件のタスクを再実行しますか？` }),
  delete: (n) => ({ en: `Delete ${count(n)}?`, ja: `${String(n)} 件のタスクを削除しますか？` }),
};

export const meaningWords: Readonly<Record<TaskAction, Text>> = {
  cancel: {
    en: "What waits never starts; what runs is stopped, and its log and artifacts are kept.",
    ja: "実行待ちのタスクは開始されず、実行中のタスクは停止します。ログと成果物は残ります。",
  },
  retry: {
    en: "They are queued again with a new set of attempts.",
    ja: "新しい試行としてもう一度キューに入ります。",
  },
  delete: {
    en: "Their logs and artifacts go with them. This cannot be undone.",
    ja: "ログと成果物も削除されます。元には戻せません。",
  },
};

export const verbWords: Readonly<Record<TaskAction, Text>> = {
  cancel: { en: "Cancel them", ja: "中止する" },
  retry: { en: "Retry them", ja: "再実行する" },
  delete: { en: "Delete them", ja: "削除する" },
};

export const words = dictionary({
  passedOver: (n: number) => ({
    en: `${count(n)} of the chosen ones cannot be: their status does not allow it.`,
    ja: `選択中の ${String(n)} 件は、状態により対象外です。`,
  }),
  results: { en: "Results", ja: "結果" },
  done: { en: "Done", ja: "完了" },
  running: (done: number, all: number) => ({
    en: `${String(done)} of ${String(all)}…`,
    ja: `${String(all)} 件中 ${String(done)} 件…`,
  }),
  finished: (done: number, failed: number) => ({
    en: `${String(done)} done, ${String(failed)} failed.`,
    ja: `${String(done)} 件完了、${String(failed)} 件失敗。`,
  }),
});
