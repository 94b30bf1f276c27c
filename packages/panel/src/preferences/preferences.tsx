import { languages } from "@keruta/shared/domain";
import { browser } from "../compose/browser.ts";
import { dictionary } from "../language/dictionary.ts";
import { chooseLanguage, language, say } from "../language/language.ts";
import { chooseTheme, theme, themes } from "../theme/theme.ts";

const words = dictionary({
  language: { en: "Language", ja: "表示言語" },
  theme: { en: "Appearance", ja: "外観" },
  system: { en: "As the system", ja: "システムに合わせる" },
  light: { en: "Light", ja: "ライト" },
  dark: { en: "Dark", ja: "ダーク" },
});

const languageNames = { en: "English", ja: "日本語" } as const;

/** How one likes to see it; remembered by the browser. */
export function Preferences() {
  return (
    <div class="preferences">
      <select
        aria-label={say(words.language)}
        value={language.value}
        onChange={(event) => {
          const choice = languages.find((one) => one === event.currentTarget.value);
          if (choice) chooseLanguage(browser.local, choice);
        }}
      >
        {languages.map((one) => (
          <option key={one} value={one} lang={one}>
            {languageNames[one]}
          </option>
        ))}
      </select>
      <select
        aria-label={say(words.theme)}
        value={theme.value}
        onChange={(event) => {
          const choice = themes.find((one) => one === event.currentTarget.value);
          if (choice) chooseTheme(browser.local, choice);
        }}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {say(words[one])}
          </option>
        ))}
      </select>
    </div>
  );
}
