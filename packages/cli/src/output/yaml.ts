import { stringify } from "yaml";

// The library is CommonJS: bundled, a lazy import of it has a default export alone, and a lazy import of this has all.

/** Without anchors and aliases, which not every reader of YAML takes. */
export function toYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false });
}

/** A manifest for Kubernetes, whose YAML is 1.1: there `on` and `012` are not texts. */
export function toManifestYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, compat: "yaml-1.1", lineWidth: 0 });
}
