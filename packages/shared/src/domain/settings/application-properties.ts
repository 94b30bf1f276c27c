import { KerutaError } from "../error.ts";
import { showText } from "../show.ts";
import { amongJapanese, type Text } from "../text.ts";
import { nearestSettingKeys } from "./key.ts";
import { decodeProperties, parseProperties, type Property } from "./properties.ts";
import { findSetting } from "./table.ts";
import { parseSettingValue } from "./value.ts";

export interface PropertiesFile {
  /** As the user knows it, for messages. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

export interface ApplicationProperties {
  /** Texts by full key, each checked. */
  readonly settings: Readonly<Record<string, string>>;
  readonly warnings: readonly Text[];
}

interface LineComplaint {
  readonly line: number;
  readonly text: Text;
}

/**
 * The settings in an `application.properties`. Keys that do not begin with `keruta.` are someone else's; of a key
 * given twice the last one counts, with a warning. Throws KRT_PROPERTIES_INVALID with every wrong line.
 */
export function readApplicationProperties({ name, content }: PropertiesFile): ApplicationProperties {
  const text = typeof content === "string" ? content : decodeProperties(content);
  const { properties, malformedLines } = parseProperties(text);
  const complaints: LineComplaint[] = malformedLines.map((line) => ({
    line,
    text: { en: "\\u needs four hexadecimal digits", ja: "\\u の後には 16 進数 4 桁が必要です" },
  }));
  const settings = new Map<string, Property>();
  const warnings: Text[] = [];
  for (const property of properties) {
    if (!property.key.startsWith("keruta.")) continue;
    const complaint = complaintOf(property);
    if (complaint) complaints.push({ line: property.line, text: complaint });
    const earlier = settings.get(property.key);
    if (earlier) warnings.push(repeated(name, earlier, property));
    settings.set(property.key, property);
  }
  if (complaints.length > 0) throw invalid(name, complaints);
  const texts = [...settings.values()].map(({ key, value }) => [key, value] as const);
  return { settings: Object.fromEntries(texts), warnings };
}

function complaintOf({ key, value }: Property): Text | undefined {
  const definition = findSetting(key);
  if (!definition) {
    const near = nearestSettingKeys(key);
    return {
      en: `there is no setting ${showText(key)}${near.length > 0 ? `; did you mean ${near.join(" or ")}?` : ""}`,
      ja: `設定 ${showText(key)} はありません${near.length > 0 ? `（${near.join(" または ")} ではありませんか）` : ""}`,
    };
  }
  const parsed = parseSettingValue(definition, value);
  if (parsed.valid) return undefined;
  return {
    en: `${key} must be ${parsed.expects.en}, but is ${showText(value)}`,
    ja: `${key} には${amongJapanese(parsed.expects.ja)}を指定してください（指定された値: ${showText(value)}）`,
  };
}

function repeated(name: string, earlier: Property, { key, line }: Property): Text {
  const [first, last] = [String(earlier.line), String(line)];
  return {
    en: `${name}: ${key} is on line ${first} and again on line ${last}; the last one counts.`,
    ja: `${name}: ${key} が ${first} 行目と ${last} 行目にあります。後のものを使います。`,
  };
}

function invalid(name: string, complaints: readonly LineComplaint[]): KerutaError {
  const sorted = [...complaints].sort((one, other) => one.line - other.line);
  const count = String(sorted.length);
  const lines = (language: keyof Text) =>
    sorted.map(({ line, text }) => `\n  ${name}:${String(line)}: ${text[language]}`).join("");
  return new KerutaError(
    "KRT_PROPERTIES_INVALID",
    {
      en: `${name} has ${count} wrong ${sorted.length === 1 ? "line" : "lines"}:${lines("en")}`,
      ja: `${name} に誤りが ${count} 件あります:${lines("ja")}`,
    },
    {
      hint: {
        en: "Correct them; `keruta settings list` prints all settings with their values.",
        ja: "修正してください。設定の一覧と値は `keruta settings list` で確認できます。",
      },
      details: { complaints: sorted.map(({ line, text }) => ({ file: name, line, text })) },
    },
  );
}
