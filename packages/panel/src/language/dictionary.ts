import type { Text } from "@keruta/shared/domain";

type Entry = Text | ((...values: never[]) => Text);

/** The words of one screen: each in every language, or a function that makes them of values. */
export function dictionary<const D extends Readonly<Record<string, Entry>>>(words: D): D {
  return words;
}
