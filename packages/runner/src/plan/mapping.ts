/** A YAML mapping whose keys nobody has checked. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** By names with dots between; undefined where there is nothing, or null. */
export function valueAt(mapping: Mapping, path: string): unknown {
  let value: unknown = mapping;
  for (const name of path.split(".")) {
    if (!isMapping(value)) return undefined;
    value = value[name];
  }
  return value ?? undefined;
}
