/** What a browser remembers of a person: choices and, in the tab alone, a token. */
export interface Keep {
  read(key: string): string | null;
  write(key: string, value: string | null): void;
}

/** Storage may be forbidden; the panel then forgets instead of failing. */
export function keepIn(storage: () => Storage): Keep {
  return {
    read(key) {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        if (value === null) storage().removeItem(key);
        else storage().setItem(key, value);
      } catch {
        // Forgotten with the page.
      }
    },
  };
}

/** A choice of earlier, where it still is one. */
export function kept<const C extends string>(keep: Keep, key: string, choices: readonly C[]): C | undefined {
  const value = keep.read(key);
  return choices.find((choice) => choice === value);
}
