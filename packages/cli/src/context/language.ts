import type { Language } from "@keruta/shared/domain";

/** By LC_ALL, LC_MESSAGES and LANG, the first that is set, as every program of the system does. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  return locale !== undefined && /^ja(?![a-z])/i.test(locale) ? "ja" : "en";
}
