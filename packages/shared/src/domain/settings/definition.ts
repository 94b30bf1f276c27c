import type { Text } from "../text.ts";
import type { SettingFormat } from "./format.ts";

export const settingTypes = [
  "boolean",
  "integer",
  /** Milliseconds as a value, `1h30m` as text. */
  "duration",
  /** Whole bytes as a value, a Kubernetes quantity as text. */
  "bytes",
  "string",
  "enum",
  /** As text either a JSON array of strings or words with commas between. */
  "list",
  /** The name of a Secret: a setting never holds the secret itself. */
  "secret",
] as const;
export type SettingType = (typeof settingTypes)[number];

export interface SettingDefinition {
  readonly key: `keruta.${string}`;
  readonly type: SettingType;
  /** As text, in the form in which a person would write it. */
  readonly default: string;
  readonly description: Text;
  /** In the value's own unit: milliseconds, bytes. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of an enum: all of them. Of a list: the only words it may hold. */
  readonly values?: readonly string[];
  readonly format?: SettingFormat;
}
