export const languages = ["en", "ja"] as const;
export type Language = (typeof languages)[number];

/** Words for people, in every language keruta speaks; a language that is missing does not compile. */
export type Text = Readonly<Record<Language, string>>;

/** English for so many of a thing: `1 attempt`, `2,000 attempts`. */
export function counted(count: number, word: string): string {
  return `${count.toLocaleString("en-US")} ${word}${count === 1 ? "" : "s"}`;
}

/** As Japanese sets it between its own words: off by a space where it begins or ends with another script's. */
export function amongJapanese(text: string): string {
  return `${/^[!-~]/.test(text) ? " " : ""}${text}${/[!-~]$/.test(text) ? " " : ""}`;
}
