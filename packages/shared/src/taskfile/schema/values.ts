import { maxDurationMilliseconds, durationPattern, parseDuration } from "../../domain/duration.ts";
import {
  dataKeyPattern,
  dnsLabelPattern,
  environmentNamePattern,
  labelKeyPattern,
  labelValuePattern,
  objectNamePattern,
} from "../../domain/label.ts";
import { isAbsolutePath, isInnerPath } from "../../domain/path.ts";
import { parseBytes, parseQuantity, quantityPattern } from "../../domain/quantity.ts";
import type { Text } from "../../domain/text.ts";
import { isInstant } from "../instant.ts";
import type { AnyOfRule, BooleanRule, NumberRule, TextRule } from "./rule.ts";

/** The kinds of value that task files are made of. */
export const anyText: TextRule = { kind: "text", expects: { en: "text", ja: "文字列" } };

export const flag: BooleanRule = {
  kind: "boolean",
  expects: { en: "true or false", ja: "true または false" },
};

export function integer(minimum: number, maximum: number): NumberRule {
  const [low, high] = [String(minimum), String(maximum)];
  return {
    kind: "integer",
    minimum,
    maximum,
    expects: { en: `a whole number from ${low} to ${high}`, ja: `${low} 以上 ${high} 以下の整数` },
  };
}

function pattern(body: string, en: string, ja: string): TextRule {
  return { kind: "text", pattern: body, expects: { en, ja } };
}

export function optional(rule: TextRule): TextRule {
  return { ...rule, emptyAllowed: true };
}

export const duration: TextRule = {
  ...pattern(durationPattern, "a duration such as 30m, 1h30m or 10s", "30m、1h30m、10s のような時間"),
  test: (text) => (parseDuration(text) ?? maxDurationMilliseconds + 1) <= maxDurationMilliseconds,
};

/** Durations of which zero would mean that nothing ever happens. */
export const positiveDuration: TextRule = { ...duration, test: (text) => (parseDuration(text) ?? 0) > 0 };

/** ISO 8601 with a zone. Whether the day exists is beyond a pattern. */
export const instant: TextRule = {
  ...pattern(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})",
    "a time with its zone, such as 2026-01-31T09:00:00+09:00",
    "2026-01-31T09:00:00+09:00 のようなタイムゾーン付きの日時",
  ),
  test: isInstant,
};

export const dnsLabel = pattern(
  dnsLabelPattern,
  "a name of small letters, digits and hyphens, at most 63 characters",
  "英小文字・数字・ハイフンからなる 63 文字以内の名前",
);
export const objectName = pattern(
  objectNamePattern,
  "a Kubernetes name (small letters, digits, hyphens, dots; at most 253 characters)",
  "Kubernetes のオブジェクト名（英小文字・数字・ハイフン・ピリオド、253 文字以内）",
);
export const dataKey = pattern(
  dataKeyPattern,
  "a key of a Secret or ConfigMap (letters, digits, hyphens, underscores, dots)",
  "Secret や ConfigMap のキー（英数字・ハイフン・アンダースコア・ピリオド）",
);
export const labelKey = pattern(
  labelKeyPattern,
  "a Kubernetes label key such as team or example.com/team",
  "team や example.com/team のような Kubernetes のラベルキー",
);
export const labelValue = pattern(
  labelValuePattern,
  "a Kubernetes label value (letters, digits, - _ . inside, at most 63 characters)",
  "Kubernetes のラベル値（英数字と途中の - _ .、63 文字以内）",
);
export const environmentName: TextRule = pattern(
  `(?!KERUTA_)${environmentNamePattern}`,
  "the name of a variable (letters, digits, - _ ., no digit first), and not one of keruta's own KERUTA_…",
  "環境変数の名前（英数字と - _ .、先頭は数字以外、keruta 専用の KERUTA_ で始まらないもの）",
);

export const absolutePath: TextRule = {
  ...pattern("/[^\\0]*", "an absolute path without ..", ".. を含まない絶対パス"),
  test: isAbsolutePath,
};
export const innerPath: TextRule = {
  ...pattern("[^/][^\\0]*", "a relative path without ..", ".. を含まない相対パス"),
  test: isInnerPath,
};

export const artifactPath: TextRule = {
  ...pattern(
    "(?!(?:.*/)?\\.\\.(?:/|$))[^\\0]+",
    "a path or pattern without ..",
    ".. を含まないパスまたはパターン",
  ),
  test: (path) => isInnerPath(path.replace(/^\//, "")),
};

/** Anything a registry might know: whether the name is sound is for the cluster to say (`InvalidImage`). */
export const image = pattern("\\S+", "the name of an image, without spaces", "空白を含まないイメージ名");

const quantityText: Text = {
  en: "a Kubernetes quantity such as 500m, 2 or 256Mi",
  ja: "500m、2、256Mi のような Kubernetes の数量",
};
const sizeText: Text = {
  en: "a size above zero such as 100Mi or 1Gi",
  ja: "100Mi や 1Gi のような 0 より大きいサイズ",
};

function amount(expects: Text, minimum: number, test: (text: string) => boolean): AnyOfRule {
  return {
    kind: "anyOf",
    expects,
    rules: [
      { kind: "text", expects, pattern: quantityPattern, test },
      // YAML reads `cpu: 1` as a number, and so does Kubernetes.
      { kind: minimum > 0 ? "integer" : "number", expects, minimum, maximum: Number.MAX_SAFE_INTEGER },
    ],
  };
}

export const quantity = amount(quantityText, 0, (text) => parseQuantity(text) !== undefined);
export const size = amount(sizeText, 1, (text) => (parseBytes(text) ?? 0) > 0);
