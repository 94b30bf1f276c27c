import type { Text } from "../text.ts";
import { checkSettingValue } from "./invalid.ts";
import { environmentNameOf } from "./key.ts";
import { findSetting, settingTable, type SettingKey, type SettingValues } from "./table.ts";

export const settingOrigins = ["flag", "environment", "database", "kubeconfig", "default"] as const;
export type SettingOrigin = (typeof settingOrigins)[number];

/** Texts by full key, but for `environment`: by variable. Unknown ones are left alone: they are others', or newer. */
export interface SettingSources {
  readonly flags?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly database?: Readonly<Record<string, string>>;
  /** What the kubeconfig's context says: its namespace. */
  readonly kubeconfig?: Readonly<Record<string, string>>;
}

export interface EffectiveSetting {
  readonly key: SettingKey;
  /** As written at its origin, not yet checked. */
  readonly text: string;
  readonly origin: SettingOrigin;
}

export interface Settings {
  /** Throws KRT_SETTING_INVALID where the text at the origin is no value of this setting. */
  get<K extends SettingKey>(key: K): SettingValues[K];
  describe(key: SettingKey): EffectiveSetting;
  /** All, in the order of the table. */
  list(): readonly EffectiveSetting[];
}

/**
 * Flag > environment > database > kubeconfig > built in. A wrong text harms only who asks for its setting, so
 * that `settings set` can still repair it. An empty variable counts as absent.
 */
export function effectiveSettings(sources: SettingSources): Settings {
  const describe = (key: SettingKey): EffectiveSetting => {
    const { flags = {}, environment = {}, database = {}, kubeconfig = {} } = sources;
    const candidates = [
      ["flag", own(flags, key)],
      ["environment", own(environment, environmentNameOf(key)) || undefined],
      ["database", own(database, key)],
      ["kubeconfig", own(kubeconfig, key)],
    ] as const;
    for (const [origin, text] of candidates) if (text !== undefined) return { key, text, origin };
    return { key, text: definitionOf(key).default, origin: "default" };
  };

  return {
    get<K extends SettingKey>(key: K) {
      const { text, origin } = describe(key);
      // The table gives the type from the same definition by which the value was checked.
      return checkSettingValue(definitionOf(key), text, sourceOf(key, origin)) as SettingValues[K];
    },
    describe,
    list: () => settingTable.map(({ key }) => describe(key)),
  };
}

function definitionOf(key: SettingKey) {
  const definition = findSetting(key);
  if (!definition) throw new Error(`no definition of ${key}`);
  return definition;
}

function sourceOf(key: SettingKey, origin: SettingOrigin): Text {
  switch (origin) {
    case "flag":
      return { en: "from a flag", ja: "フラグでの指定" };
    case "environment":
      return { en: `from ${environmentNameOf(key)}`, ja: `環境変数 ${environmentNameOf(key)}` };
    case "database":
      return { en: "from the database", ja: "データベースの設定" };
    case "kubeconfig":
      return { en: "from the kubeconfig", ja: "kubeconfig の設定" };
    case "default":
      return { en: "built in", ja: "既定値" };
  }
}

function own(texts: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}
