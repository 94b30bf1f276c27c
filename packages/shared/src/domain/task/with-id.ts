import type { Text } from "../text.ts";

/** Remedies are written for any task, with ID in their commands; of a certain one they can be typed as they stand. */
export function withId({ en, ja }: Text, id: string): Text {
  const about = (text: string) => text.replaceAll(/\bID\b/g, id);
  return { en: about(en), ja: about(ja) };
}
