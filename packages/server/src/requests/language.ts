import type { Language } from "@keruta/shared/domain";

/** The one of Accept-Language's that keruta speaks and the caller likes best; English where none is. */
export function languageOf(header: string | undefined): Language {
  const liked = (header ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const weight = parameters.map((text) => /^\s*q=([\d.]+)$/.exec(text)?.[1]).find((text) => text);
      return { language: tag.split("-")[0], weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ language, weight }) => (language === "ja" || language === "en") && weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return liked[0]?.language === "ja" ? "ja" : "en";
}
