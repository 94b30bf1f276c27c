export const languages = ["en", "ja"] as const;
export type Language = (typeof languages)[number];

/** Words for people, in every language keruta speaks; a language that is missing does not compile. */
export type Text = Readonly<Record<Language, string>>;
