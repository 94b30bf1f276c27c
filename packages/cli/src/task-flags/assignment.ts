import { usageError } from "../errors/usage.ts";

export interface Assignment {
  readonly name: string;
  readonly value: string;
}

export interface SecretAssignment {
  readonly name: string;
  readonly secret: string;
  readonly key: string;
}

/** `NAME=value`; the value may hold `=` and may be empty. */
export function parseAssignment(option: string, text: string): Assignment {
  const equals = text.indexOf("=");
  if (equals > 0) return { name: text.slice(0, equals), value: text.slice(equals + 1) };
  // The text may be a secret that lost its name, so it is not repeated.
  throw usageError({
    en: `${option} needs NAME=VALUE, and one given has no name or no "=".`,
    ja: `${option} は NAME=VALUE の形で指定します。名前または「=」のないものがあります。`,
  });
}

/** `NAME=secret:key` */
export function parseSecretAssignment(option: string, text: string): SecretAssignment {
  const match = /^([^=]+)=([^:]+):(.+)$/.exec(text);
  const [, name, secret, key] = match ?? [];
  if (name !== undefined && secret !== undefined && key !== undefined) return { name, secret, key };
  throw usageError({
    en: `${option} needs NAME=SECRET:KEY, with the name of a secret and a key in it.`,
    ja: `${option} は NAME=SECRET:KEY（シークレット名とその中のキー）の形で指定します。`,
  });
}
