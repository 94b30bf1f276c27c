import { parseDuration } from "@keruta/shared/domain";
import { choiceError, usageError } from "../errors/usage.ts";

/** Parsers of option values; each throws KRT_USAGE with the option's name and what it takes. */
export function integerValue(
  name: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): (value: string) => number {
  return (value) => {
    const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= min && number <= max) return number;
    const range = max === Number.MAX_SAFE_INTEGER ? `${String(min)} …` : `${String(min)} … ${String(max)}`;
    throw usageError({
      en: `${name} must be a whole number (${range}), not "${value}".`,
      ja: `${name} は整数（${range}）で指定します。「${value}」は使えません。`,
    });
  };
}

export function choiceValue<T extends string>(name: string, choices: readonly T[]): (value: string) => T {
  return (value) => {
    const found = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
    if (found === undefined) throw choiceError(name, value, choices);
    return found;
  };
}

/** For an option that may be given several times, each time with several values apart by commas. */
export function choiceListValue<T extends string>(name: string, choices: readonly T[]) {
  const parse = choiceValue(name, choices);
  return (value: string, previous: unknown): readonly T[] => [
    ...((previous as readonly T[] | undefined) ?? []),
    ...value.split(",").map((part) => parse(part.trim())),
  ];
}

export function repeatedValue(value: string, previous: unknown): readonly string[] {
  return [...((previous as readonly string[] | undefined) ?? []), value];
}

export function booleanValue(name: string): (value: string) => boolean {
  const parse = choiceValue(name, ["true", "false"]);
  return (value) => parse(value) === "true";
}

/** Milliseconds. */
export function durationValue(name: string): (value: string) => number {
  return (value) => {
    const milliseconds = parseDuration(value);
    if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
    throw usageError({
      en: `${name} must be a duration such as 90d, 1h30m or 40s, not "${value}".`,
      ja: `${name} は 90d・1h30m・40s のように指定します。「${value}」は使えません。`,
    });
  };
}
