import { formatDuration, maxDurationMilliseconds, parseDuration } from "../duration.ts";
import { formatBytes, parseBytes } from "../quantity.ts";
import type { Text } from "../text.ts";
import type { SettingDefinition } from "./definition.ts";
import { formatRules } from "./format.ts";

export type SettingValue = boolean | number | string | readonly string[];

export type ParsedSetting =
  | { readonly valid: true; readonly value: SettingValue }
  /** `expects` completes "must be …". */
  | { readonly valid: false; readonly expects: Text };

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  false: false,
  off: false,
  no: false,
};

/** Reads the text of one setting. An empty text is a value of strings, lists and secrets only. */
export function parseSettingValue(definition: SettingDefinition, text: string): ParsedSetting {
  if (text.includes("\0")) return wrong({ en: "text without NUL", ja: "NUL を含まない文字列" });
  switch (definition.type) {
    case "boolean": {
      const word = text.trim().toLowerCase();
      const value = Object.hasOwn(booleans, word) ? booleans[word] : undefined;
      return value === undefined ? wrong({ en: "true or false", ja: "true または false" }) : right(value);
    }
    case "integer":
      return ranged(definition, /^[+-]?[0-9]{1,15}$/.test(text.trim()) ? Number(text) : undefined, String, {
        en: "a whole number",
        ja: "整数",
      });
    case "duration":
      return ranged(definition, parseDuration(text.trim()), formatDuration, {
        en: "a duration such as 30m or 1h30m",
        ja: "30m や 1h30m のような時間",
      });
    case "bytes":
      return ranged(definition, parseBytes(text.trim()), formatBytes, {
        en: "a size such as 100Mi or 1Gi",
        ja: "100Mi や 1Gi のようなサイズ",
      });
    case "enum": {
      const values = definition.values ?? [];
      return values.includes(text.trim())
        ? right(text.trim())
        : wrong({ en: values.join(" or "), ja: values.join(" または ") });
    }
    case "list":
      return parseList(definition, text);
    case "string":
      return fits(definition.format, text) ? right(text) : wrong(expectsOf(definition.format, text));
    case "secret":
      return fits("objectName", text) ? right(text) : wrong(expectsOf("objectName", text));
  }
}

/** The text from which `parseSettingValue` gives the value back. */
export function formatSettingValue(definition: SettingDefinition, value: SettingValue): string {
  if (typeof value === "number") {
    if (definition.type === "duration") return formatDuration(value);
    return definition.type === "bytes" ? formatBytes(value) : String(value);
  }
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  const plain = value.every((word) => /^[^,"[\]\s]+$/.test(word));
  return plain ? value.join(",") : JSON.stringify(value);
}

function parseList(definition: SettingDefinition, text: string): ParsedSetting {
  const words = text.trimStart().startsWith("[") ? parseArray(text) : splitWords(text);
  if (!words) {
    return wrong({
      en: 'a JSON array of strings such as ["make", "docs"], or words with commas between',
      ja: '["make", "docs"] のような文字列の JSON 配列、またはコンマ区切りの語',
    });
  }
  const allowed = definition.values;
  if (allowed && !words.every((word) => allowed.includes(word))) {
    return wrong({ en: `words out of ${allowed.join(", ")}`, ja: `${allowed.join("、")} のいずれか` });
  }
  const unfit = words.find((word) => !fits(definition.format, word));
  return unfit === undefined ? right(words) : wrong(expectsOf(definition.format, unfit));
}

function parseArray(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === "string") ? value : undefined;
  } catch {
    // Not JSON: the caller says what is expected.
    return undefined;
  }
}

function splitWords(text: string): readonly string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function ranged(
  { minimum = 0, maximum, type }: SettingDefinition,
  value: number | undefined,
  format: (value: number) => string,
  kind: Text,
): ParsedSetting {
  const top = maximum ?? (type === "duration" ? maxDurationMilliseconds : Number.MAX_SAFE_INTEGER);
  if (value !== undefined && value >= minimum && value <= top) return right(value);
  const bounded = top < Number.MAX_SAFE_INTEGER;
  const [low, high] = [format(minimum), format(top)];
  return wrong({
    en: `${kind.en}, ${bounded ? `from ${low} to ${high}` : `at least ${low}`}`,
    ja: `${kind.ja}（${low} 以上${bounded ? `、${high} 以下` : ""}）`,
  });
}

function fits(format: SettingDefinition["format"], text: string): boolean {
  return format === undefined || text === "" || formatRules[format].test(text);
}

function expectsOf(format: SettingDefinition["format"], text: string): Text {
  if (format === undefined) return { en: "text", ja: "文字列" };
  const { expects } = formatRules[format];
  return typeof expects === "function" ? expects(text) : expects;
}

function right(value: SettingValue): ParsedSetting {
  return { valid: true, value };
}

function wrong(expects: Text): ParsedSetting {
  return { valid: false, expects };
}
