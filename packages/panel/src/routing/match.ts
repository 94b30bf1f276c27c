export type Parameters = Readonly<Record<string, string>>;

/** What `/tasks/:id` finds in a path; undefined where it is another one. */
export function match(pattern: string, path: string): Parameters | undefined {
  const [wanted, given] = [pattern.split("/"), path.replace(/(.)\/$/, "$1").split("/")];
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) {
      if (value === "") return undefined;
      found[part.slice(1)] = decode(value);
    } else if (part !== value) return undefined;
  }
  return found;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
