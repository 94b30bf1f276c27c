import type { SettingDefinition } from "./definition.ts";
import { agentSettings } from "./table-agent.ts";
import { kubernetesSettings } from "./table-kubernetes.ts";
import { logSettings } from "./table-logs.ts";
import { notifySettings } from "./table-notify.ts";
import { outputSettings } from "./table-output.ts";
import { policySettings } from "./table-policy.ts";
import { workerSettings } from "./table-worker.ts";

/** Every setting there is: docs, panel, properties and environment names come from here. */
export const settingTable = [
  ...kubernetesSettings,
  ...agentSettings,
  ...logSettings,
  ...outputSettings,
  ...workerSettings,
  ...policySettings,
  ...notifySettings,
] as const;

type Definition = (typeof settingTable)[number];
export type SettingKey = Definition["key"];

type ValueOf<D> = D extends { readonly type: "boolean" }
  ? boolean
  : D extends { readonly type: "integer" | "duration" | "bytes" }
    ? number
    : D extends { readonly type: "enum" | "list"; readonly values: readonly (infer Word)[] }
      ? D extends { readonly type: "enum" }
        ? Word
        : readonly Word[]
      : D extends { readonly type: "list" }
        ? readonly string[]
        : string;

/** The TypeScript type of each setting's value. */
export type SettingValues = { readonly [D in Definition as D["key"]]: ValueOf<D> };

export const settingKeys: readonly SettingKey[] = settingTable.map(({ key }) => key);

const byKey: ReadonlyMap<string, SettingDefinition> = new Map(
  settingTable.map((definition) => [definition.key, definition]),
);

/** The definition of a full key, or undefined for any other text. */
export function findSetting(key: string): SettingDefinition | undefined {
  return byKey.get(key);
}

export function isSettingKey(text: string): text is SettingKey {
  return byKey.has(text);
}
