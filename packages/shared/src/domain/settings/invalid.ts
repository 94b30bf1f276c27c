import { KerutaError } from "../error.ts";
import { amongJapanese, type Text } from "../text.ts";
import { parseSettingValue, type SettingValue } from "./value.ts";
import type { SettingDefinition } from "./definition.ts";
import { showText } from "../show.ts";

/** Reads a setting's text or throws KRT_SETTING_INVALID, which names where the text came from. */
export function checkSettingValue(definition: SettingDefinition, text: string, source?: Text): SettingValue {
  const parsed = parseSettingValue(definition, text);
  if (parsed.valid) return parsed.value;
  const { key } = definition;
  const shown = showText(text);
  throw new KerutaError(
    "KRT_SETTING_INVALID",
    {
      en: `The setting ${key}${source ? ` (${source.en})` : ""} must be ${parsed.expects.en}, but is ${shown}.`,
      ja: `設定 ${key}${source ? `（${source.ja}）` : " "}には${amongJapanese(parsed.expects.ja)}を指定してください（指定された値: ${shown}）。`,
    },
    {
      hint: {
        en: `${source ? "Correct it there" : "Give such a value"}; the built-in one is ${showText(definition.default)}.`,
        ja: `${source ? "指定した箇所の値を直してください" : "値を直してください"}。既定値は ${showText(definition.default)} です。`,
      },
      details: { key, value: text },
    },
  );
}
