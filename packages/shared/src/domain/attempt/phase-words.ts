import type { Text } from "../text.ts";
import type { AttemptPhase } from "./attempt.ts";

/** What happens in each phase, for a person who waits. */
export const phaseWords: Readonly<Record<AttemptPhase, Text>> = {
  Submitting: { en: "submitting", ja: "登録中" },
  Scheduling: { en: "waiting for a node", ja: "ノードの割り当て待ち" },
  Pulling: { en: "pulling images", ja: "イメージを取得中" },
  Cloning: { en: "cloning the repository", ja: "リポジトリをクローン中" },
  Starting: { en: "starting", ja: "起動中" },
  Running: { en: "running", ja: "実行中" },
  Collecting: { en: "collecting log and artifacts", ja: "ログと成果物を収集中" },
  Done: { en: "done", ja: "終了" },
};
