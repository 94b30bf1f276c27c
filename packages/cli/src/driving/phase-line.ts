import { describeDuration, type AttemptPhase, type Text } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";

/** What happens in each phase, for a person who waits. */
const phaseWords: Readonly<Record<AttemptPhase, Text>> = {
  Submitting: { en: "submitting", ja: "登録中" },
  Scheduling: { en: "waiting for a node", ja: "ノードの割り当て待ち" },
  Pulling: { en: "pulling images", ja: "イメージを取得中" },
  Cloning: { en: "cloning the repository", ja: "リポジトリーをクローン中" },
  Starting: { en: "starting", ja: "開始処理中" },
  Running: { en: "running", ja: "実行中" },
  Collecting: { en: "collecting log and artifacts", ja: "ログと成果物を回収中" },
  Done: { en: "done", ja: "完了" },
};

/** The status line of a phase that begins now, with the seconds that it takes. */
export function phaseLine({ clock, translate }: Context, phase: AttemptPhase): () => string {
  const since = clock();
  const words = translate(phaseWords[phase]);
  return () => {
    const seconds = Math.floor((clock() - since) / 1000);
    return seconds < 1 ? words : `${words} ${describeDuration(seconds * 1000)}`;
  };
}
