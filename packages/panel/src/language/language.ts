import { signal, effect } from "@preact/signals";
import { languages, type Language, type Text } from "@keruta/shared/domain";
import { kept, type Keep } from "../compose/keep.ts";

/** What is shown now. */
export const language = signal<Language>("en");

/** The person's choice of earlier, else the browser's; kept from now on. */
export function startLanguage(keep: Keep, preferred: readonly string[], root: HTMLElement): void {
  language.value = kept(keep, "keruta.language", languages) ?? liked(preferred);
  effect(() => {
    root.lang = language.value;
  });
}

export function chooseLanguage(keep: Keep, choice: Language): void {
  language.value = choice;
  keep.write("keruta.language", choice);
}

/** The first of the browser's languages that the panel speaks. */
export function liked(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = languages.find((one) => tag.toLowerCase().split("-")[0] === one);
    if (found) return found;
  }
  return "en";
}

/** A text in the language of now. */
export function say(text: Text): string {
  return text[language.value];
}
