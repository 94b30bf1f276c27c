import { dnsLabelPattern, personRoles, type PersonRole, type Text } from "@keruta/shared/domain";
import type { OptionDefinition } from "../../command-line/command.ts";
import { choiceValue } from "../../command-line/values.ts";
import { usageError } from "../../errors/usage.ts";

export interface RoleFlags {
  readonly role?: PersonRole;
  readonly bind?: readonly string[];
}

export const roleOption: OptionDefinition = {
  flags: "--role <role>",
  text: {
    en: `what they may do: ${personRoles.join(", ")}`,
    ja: `許可する操作: ${personRoles.join("・")}`,
  },
  parse: choiceValue("--role", personRoles),
};

export const bindOption: OptionDefinition = {
  flags: "--bind <namespace,...>",
  text: { en: "namespaces that they are bound to", ja: "限定するネームスペース" },
  parse: namespacesOf,
};

/** The same option, saying what holds without it. */
export function withDefault(option: OptionDefinition, value: Text): OptionDefinition {
  const { en, ja } = option.text;
  return { ...option, text: { en: `${en} (default ${value.en})`, ja: `${ja}（既定 ${value.ja}）` } };
}

const namespacePattern = new RegExp(`^${dnsLabelPattern}$`);

function namespacesOf(value: string): readonly string[] {
  const names = value.split(",").map((part) => part.trim());
  const wrong = names.find((name) => !namespacePattern.test(name));
  if (wrong === undefined) return names;
  throw usageError(
    {
      en: `--bind: "${wrong}" is no name of a namespace.`,
      ja: `--bind: 「${wrong}」はネームスペースの名前として使えません。`,
    },
    {
      en: "Write --bind team-a,team-b. Without a binding people see all namespaces.",
      ja: "--bind team-a,team-b の形で指定してください。限定しなければ、すべてのネームスペースが対象です。",
    },
  );
}
