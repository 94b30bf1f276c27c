import type { ArtifactSkip } from "../agent/trailer.ts";
import type { Text } from "../text.ts";

/** Why a file that matched was not collected. */
export const skipWords: Readonly<Record<ArtifactSkip, Text>> = {
  "too-large": { en: "too large", ja: "サイズ超過" },
  "total-too-large": { en: "too much in all", ja: "合計サイズ超過" },
  changed: { en: "it changed meanwhile", ja: "収集中に変更された" },
  unsafe: { en: "no safe file", ja: "安全でないファイル" },
};
