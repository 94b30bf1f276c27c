import { stringify } from "yaml";

// The library is CommonJS: bundled, a lazy import of it has a default export alone, and a lazy import of this has all.

/** Without anchors and aliases, which not every reader of YAML takes. */
export function toYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false });
}

/** A manifest: kubectl reads YAML 1.1, where a bare `no` is a boolean; a folded command would be hard to read. */
export function toManifestYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, compat: "yaml-1.1", lineWidth: 0 });
}
