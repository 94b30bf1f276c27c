import {
  findSetting,
  parseSettingValue,
  type SettingDefinition,
  type SettingOrigin,
  type Text,
} from "@keruta/shared/domain";

/** A setting as the queue has it. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  /** Where the value comes from. */
  readonly origin: SettingOrigin;
  readonly default: string;
  readonly type: string;
  readonly description: string;
}

/** What a person has changed and not stored: a text, or null for what is built in. */
export type Draft = ReadonlyMap<string, string | null>;

/** Of a key, as the field shows it now. */
export function draftedValue({ key, value, default: builtIn }: Setting, draft: Draft): string {
  const drafted = draft.get(key);
  return drafted === undefined ? value : (drafted ?? builtIn);
}

/** What would be stored is not what is: nothing is left of a change that was taken back. */
export function changed(draft: Draft, { key, value, origin }: Setting, text: string | null): Draft {
  const next = new Map(draft);
  const isAsBefore = text === null ? origin === "default" : text === value && origin !== "default";
  if (isAsBefore || (text === value && origin === "default")) next.delete(key);
  else next.set(key, text);
  return next;
}

/** What a text must be to be this setting's value; undefined where it is one. */
export function complaintOf(key: string, text: string): Text | undefined {
  const definition = definitionOf(key);
  if (!definition) return undefined;
  const parsed = parseSettingValue(definition, text);
  return parsed.valid ? undefined : parsed.expects;
}

export function definitionOf(key: string): SettingDefinition | undefined {
  return findSetting(key);
}

/** The rest of a key below `keruta.`. */
export function shortKey(key: string): string {
  return key.replace(/^keruta\./, "");
}
