import {
  errorCodes,
  exitCodeOf,
  reasonExplanations,
  reasons,
  type Language,
  type Reason,
} from "@keruta/shared/domain";
import { errorExplanations } from "../commands/explain/error-explanations.ts";
import { errorRemedies } from "../commands/explain/error-remedies.ts";
import { howToSee } from "./how-to-see.ts";

/** A section for each reason: what it is, what `submit` exits with, where to look, what to do. */
export function reasonSections(language: Language): string {
  const words = labels[language];
  return reasons
    .map((reason) => {
      const { categories, what, remedy } = reasonExplanations[reason];
      const facts = [
        `${words.category}: ${categories.join(", ")} (${retryText(reason, language)})`,
        `${words.exitCode}: ${exitCodeText(reason, language)}`,
        `${words.see}: ${howToSee[reason][language]}`,
        `${words.remedy}: ${remedy[language]}`,
      ];
      return `### ${reason}\n\n${what[language]}\n\n${facts.map((fact) => `- ${fact}`).join("\n")}`;
    })
    .join("\n\n");
}

/** A section for each error code. */
export function errorSections(language: Language): string {
  return errorCodes
    .map((code) => {
      const { [language]: remedy } = errorRemedies[code];
      return `### ${code}\n\n${errorExplanations[code][language]}\n\n- ${labels[language].remedy}: ${remedy}`;
    })
    .join("\n\n");
}

/** As `planRetry` has it, with the built-in `keruta.retry.on`. */
function retryText(reason: Reason, language: Language): string {
  const { categories } = reasonExplanations[reason];
  if (reason === "Completed" || categories.includes("user")) return labels[language].never;
  return labels[language][categories.includes("infrastructure") ? "byItself" : "onWish"];
}

/** Where the command may have ended with a code of its own, that one counts. */
function exitCodeText(reason: Reason, language: Language): string {
  if (reason === "Completed") return "0";
  const [own, without] = [7, null].map((exitCode) => exitCodeOf("FAILED", { reason, exitCode }));
  const fallback = String(without);
  return own === without ? fallback : labels[language].ownCode.replace("N", fallback);
}

const labels = {
  en: {
    category: "Category",
    never: "never tried again by itself",
    byItself: "tried again while attempts remain",
    onWish: "tried again only where `retry.on` names the category, the reason or the exit code",
    exitCode: "Exit code of `submit`",
    ownCode: "the command's own; N where it has none",
    see: "See",
    remedy: "Do",
  },
  ja: {
    category: "分類",
    never: "自動では再試行しません",
    byItself: "試行が残っていれば再試行します",
    onWish: "`retry.on` に分類・理由・終了コードのいずれかを書いたときだけ再試行します",
    exitCode: "`submit` の終了コード",
    ownCode: "コマンド自身の終了コード（なければ N）",
    see: "確認",
    remedy: "対処",
  },
} as const;
