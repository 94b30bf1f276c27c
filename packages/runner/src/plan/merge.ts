import { isMapping, type Mapping } from "./mapping.ts";
import { templateError } from "./template-error.ts";

/** The field that tells the things of a list apart; lists of other names are taken as a whole. */
const keyOfList: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  volumes: "name",
  env: "name",
  imagePullSecrets: "name",
  schedulingGates: "name",
  volumeMounts: "mountPath",
};

/** Lists of which the Pod wants all. */
const joinedLists: ReadonlySet<string> = new Set(["tolerations", "add"]);

/** `over` onto `base`, field by field; a template that has another kind of thing at a path is refused by it. */
export function mergeOnto(base: Mapping, over: Mapping, path: string): Mapping {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const at = path === "" ? name : `${path}.${name}`;
    merged[name] = mergeValue(base[name] ?? undefined, value, name, at);
  }
  return merged;
}

function mergeValue(base: unknown, over: unknown, name: string, path: string): unknown {
  if (base === undefined) return over;
  if (isMapping(over)) {
    if (isMapping(base)) return mergeOnto(base, over, path);
    throw templateError(path, { en: "is not a mapping", ja: "がマッピングではありません" });
  }
  if (!Array.isArray(over)) return over;
  if (!Array.isArray(base)) throw templateError(path, { en: "is not a list", ja: "がリストではありません" });
  if (joinedLists.has(name)) return [...(base as unknown[]), ...(over as unknown[])];
  const key = keyOfList[name];
  return key === undefined ? over : mergeLists(base, over, key, path);
}

/** The template's things first, in its order, then those that only keruta has. */
function mergeLists(
  base: readonly unknown[],
  over: readonly unknown[],
  key: string,
  path: string,
): unknown[] {
  const rest = new Map(over.filter(isMapping).map((item) => [item[key], item]));
  const merged = base.map((item, index) => {
    const at = `${path}[${String(index)}]`;
    if (!isMapping(item))
      throw templateError(at, { en: "is not a mapping", ja: "がマッピングではありません" });
    const own = rest.get(item[key]);
    if (!own) return item;
    rest.delete(item[key]);
    return hasOneSource(path) ? own : mergeOnto(item, own, at);
  });
  return [...merged, ...rest.values()];
}

/** Two sources of a variable or a volume, merged, would be none. */
function hasOneSource(path: string): boolean {
  return path.endsWith(".env") || path.endsWith(".volumes");
}
