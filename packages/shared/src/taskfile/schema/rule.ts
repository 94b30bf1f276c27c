import type { Text } from "../../domain/text.ts";

/**
 * What a value in a task file may be. One tree of rules validates files (`check.ts`), is published as JSON Schema
 * (`publish.ts`), and names what was expected in both languages. Not zod: bundled it takes 33 ms to load, this 3,
 * and `keruta add` should be quick; positions, both languages and near matches would be our own either way.
 */
export type Rule =
  | TextRule
  | NumberRule
  | BooleanRule
  | AnyOfRule
  | ListRule
  | ObjectRule
  | MapRule
  | RawRule;

export interface TextRule {
  readonly kind: "text";
  /** Completes "must be …". */
  readonly expects: Text;
  /** Regular expression of the whole text, without anchors. */
  readonly pattern?: string;
  readonly words?: readonly string[];
  /** An empty text is the same as none. */
  readonly emptyAllowed?: boolean;
  readonly maxCharacters?: number;
  /** What a pattern cannot say. */
  readonly test?: (text: string) => boolean;
}

export interface NumberRule {
  readonly kind: "integer" | "number";
  readonly expects: Text;
  readonly minimum: number;
  readonly maximum: number;
}

export interface BooleanRule {
  readonly kind: "boolean";
  readonly expects: Text;
}

export interface AnyOfRule {
  readonly kind: "anyOf";
  readonly expects: Text;
  readonly rules: readonly (TextRule | NumberRule)[];
}

/** Passed on to the cluster, which checks it. */
interface RawRule {
  readonly kind: "raw";
  readonly expects: Text;
}

export interface ListRule {
  readonly kind: "list";
  readonly expects: Text;
  readonly items: Rule;
}

/** Keys beside `required` may be left out or null, which is the same. */
export interface ObjectRule {
  readonly kind: "object";
  readonly expects: Text;
  readonly properties: Readonly<Record<string, Rule>>;
  readonly required?: readonly string[];
  /** Exactly one of these must be given. */
  readonly oneOf?: readonly string[];
  /** JSON Schema of what `constraints.ts` checks across keys. */
  readonly published?: Readonly<Record<string, unknown>>;
}

/** Any number of keys of one kind. Null is not a value here: `env: { A: }` is a slip. */
export interface MapRule {
  readonly kind: "map";
  readonly expects: Text;
  readonly keys: TextRule;
  readonly values: Rule;
}

export function list(items: Rule, expects: Text): ListRule {
  return { kind: "list", items, expects };
}

export function map(keys: TextRule, values: Rule, expects: Text): MapRule {
  return { kind: "map", keys, values, expects };
}

const mapping: Text = { en: "a mapping of keys to values", ja: "キーと値の組（マッピング）" };

export function object(
  properties: Readonly<Record<string, Rule>>,
  more: Partial<Omit<ObjectRule, "kind" | "properties">> = {},
): ObjectRule {
  return { kind: "object", expects: mapping, ...more, properties };
}

export function words(...allowed: readonly string[]): TextRule {
  const last = allowed.at(-1) ?? "";
  const first = allowed.slice(0, -1);
  return {
    kind: "text",
    words: allowed,
    expects: {
      en: first.length > 0 ? `${first.join(", ")} or ${last}` : last,
      ja: allowed.join(" または "),
    },
  };
}
