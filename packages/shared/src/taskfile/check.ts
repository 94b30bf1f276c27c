import { nearestWords } from "../domain/nearest.ts";
import { showText } from "../domain/show.ts";
import type { Text } from "../domain/text.ts";
import type { Report } from "./complaint.ts";
import { formatPath, isMapping, type Path } from "./path.ts";
import { specRule } from "./schema/task.ts";
import type { MapRule, NumberRule, ObjectRule, Rule, TextRule } from "./schema/rule.ts";

/** Reports everything in a value that its rule does not allow. */
export function checkRule(rule: Rule, value: unknown, path: Path, report: Report): void {
  switch (rule.kind) {
    case "raw":
      return;
    case "object":
      if (isMapping(value)) checkObject(rule, value, path, report);
      else report(path, mustBe(path, rule.expects, value));
      return;
    case "map":
      if (isMapping(value)) checkMap(rule, value, path, report);
      else report(path, mustBe(path, rule.expects, value));
      return;
    case "list":
      if (!Array.isArray(value)) report(path, mustBe(path, rule.expects, value));
      else for (const [index, item] of value.entries()) checkRule(rule.items, item, [...path, index], report);
      return;
    case "anyOf":
      if (!rule.rules.some((one) => isScalar(one, value))) report(path, mustBe(path, rule.expects, value));
      return;
    case "boolean":
      if (typeof value !== "boolean") report(path, mustBe(path, rule.expects, value));
      return;
    case "text":
    case "integer":
    case "number":
      if (!isScalar(rule, value)) report(path, unquoted(rule, value, mustBe(path, rule.expects, value)));
  }
}

function isScalar(rule: TextRule | NumberRule, value: unknown): boolean {
  if (rule.kind !== "text") {
    const counted = rule.kind === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
    return counted && typeof value === "number" && value >= rule.minimum && value <= rule.maximum;
  }
  if (typeof value !== "string") return false;
  if (value === "" && rule.emptyAllowed) return true;
  if (rule.words && !rule.words.includes(value)) return false;
  if (rule.pattern !== undefined && !new RegExp(`^(?:${rule.pattern})$`, "u").test(value)) return false;
  if (rule.maxCharacters !== undefined && Array.from(value).length > rule.maxCharacters) return false;
  return rule.test?.(value) ?? true;
}

function checkObject(
  rule: ObjectRule,
  value: Readonly<Record<string, unknown>>,
  path: Path,
  report: Report,
): void {
  const { properties, required = [], oneOf } = rule;
  for (const [key, item] of Object.entries(value)) {
    const itemRule = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (!itemRule) report([...path, key], unknownKey([...path, key], Object.keys(properties)), "key");
    else if (item !== null && item !== undefined) checkRule(itemRule, item, [...path, key], report);
  }
  const isGiven = (key: string) => (value[key] ?? null) !== null;
  for (const key of required.filter((name) => !isGiven(name))) {
    const itemRule = properties[key];
    if (itemRule)
      report(Object.hasOwn(value, key) ? [...path, key] : path, missing([...path, key], itemRule));
  }
  if (oneOf && oneOf.filter(isGiven).length !== 1) report(path, notOne(path, oneOf, oneOf.filter(isGiven)));
}

function checkMap(rule: MapRule, value: Readonly<Record<string, unknown>>, path: Path, report: Report): void {
  for (const [key, item] of Object.entries(value)) {
    const itemPath = [...path, key];
    if (!isScalar(rule.keys, key)) report(itemPath, wrongKey(path, rule.keys.expects, key), "key");
    checkRule(rule.values, item, itemPath, report);
  }
}

function mustBe(path: Path, expects: Text, value: unknown): Text {
  const shown = describe(value);
  return {
    en: `${nameOf(path).en} must be ${expects.en}, but is ${shown.en}`,
    ja: `${nameOf(path).ja} に ${shown.ja} は指定できません。${expects.ja}を指定してください`,
  };
}

/** YAML makes numbers and booleans of texts without quotes. */
function unquoted(rule: Rule, value: unknown, text: Text): Text {
  if (rule.kind !== "text" || (typeof value !== "number" && typeof value !== "boolean")) return text;
  return { en: `${text.en}: put it into quotes`, ja: `${text.ja}（文字列は引用符で囲みます）` };
}

function unknownKey(path: Path, known: readonly string[]): Text {
  const shown = formatPath(path);
  const key = String(path.at(-1));
  // The commonest slip: a key of the spec without its indentation, or the other way round.
  const elsewhere = path.length === 1 && Object.hasOwn(specRule.properties, key) ? [`spec.${key}`] : [];
  const near = elsewhere.length > 0 ? elsewhere : nearestWords(key, known);
  if (near.length > 0) {
    return {
      en: `${shown} is unknown; did you mean ${near.join(" or ")}?`,
      ja: `${shown} は不明なキーです（${near.join(" または ")} ではありませんか）`,
    };
  }
  return {
    en: `${shown} is unknown; known here: ${known.join(", ")}`,
    ja: `${shown} は不明なキーです（使えるキー: ${known.join("、")}）`,
  };
}

function missing(path: Path, rule: Rule): Text {
  const shown = formatPath(path);
  const only = rule.kind === "text" && rule.words?.length === 1 ? rule.words[0] : undefined;
  if (only === undefined) {
    return {
      en: `${shown} is missing: ${rule.expects.en}`,
      ja: `${shown} がありません（${rule.expects.ja}）`,
    };
  }
  const line = `${String(path.at(-1))}: ${only}`;
  return {
    en: `${shown} is missing; add the line "${line}"`,
    ja: `${shown} がありません。「${line}」の行を加えてください`,
  };
}

function notOne(path: Path, keys: readonly string[], given: readonly string[]): Text {
  const [en, ja] = [keys.join(", "), keys.join("、")];
  const { en: name, ja: nameJa } = nameOf(path);
  return given.length === 0
    ? {
        en: `${name} needs exactly one of ${en}, and has none`,
        ja: `${nameJa} には ${ja} のどれか 1 つが必要です`,
      }
    : {
        en: `${name} needs exactly one of ${en}, and has ${given.join(" and ")}`,
        ja: `${nameJa} に指定できるのは ${ja} のどれか 1 つだけです（現在: ${given.join("、")}）`,
      };
}

function wrongKey(path: Path, expects: Text, key: string): Text {
  return {
    en: `a key of ${nameOf(path).en} must be ${expects.en}, but one is ${showText(key)}`,
    ja: `${nameOf(path).ja} のキーに ${showText(key)} は使えません。${expects.ja}にしてください`,
  };
}

function nameOf(path: Path): Text {
  const shown = formatPath(path);
  return shown === "" ? { en: "the task", ja: "タスク" } : { en: shown, ja: shown };
}

function describe(value: unknown): Text {
  if (typeof value === "string") return same(showText(value));
  if (value === null || value === undefined) return { en: "empty", ja: "空" };
  if (Array.isArray(value)) return { en: "a list", ja: "リスト" };
  if (typeof value === "object") return { en: "a mapping", ja: "マッピング" };
  if (typeof value === "number") return same(`the number ${String(value)}`, String(value));
  return same(typeof value === "boolean" ? String(value) : typeof value);
}

function same(en: string, ja = en): Text {
  return { en, ja };
}
