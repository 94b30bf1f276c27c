import { parseArgs } from "node:util";
import { parseArchitecture, type Architecture } from "../images/architecture.ts";

export interface ReleaseOptions {
  readonly publish: boolean;
  readonly provenance: boolean;
  readonly skipChecks: boolean;
  readonly architectures: readonly Architecture[];
}

export const help = `npm run release [-- OPTIONS]

Checks that the tree is clean and its version consistent, runs all checks, builds everything that is released into
release/ (the npm package, binaries, images, bills of materials, SHA256SUMS), and publishes nothing.

  --dry-run        publish nothing; this is what it does anyhow
  --publish        then publish the npm package and tag the commit; asks for a dated CHANGELOG.md and no changesets
  --provenance     with --publish, in a CI that npm trusts: with provenance; asks for "repository" in the package
  --skip-checks    leave the checks out; not together with --publish
  --arch LIST      x64, arm64 (default: x64,arm64); another one than this machine's needs its cross compiler
  --help           this text
`;

/** Undefined where help was asked for. */
export function parseRelease(args: readonly string[]): ReleaseOptions | undefined {
  const values = valuesOf([...args]);
  const { publish, provenance, "skip-checks": skipChecks } = values;
  if (values.help) return undefined;
  if (publish && values["dry-run"]) throw new Error("release: --publish and --dry-run exclude each other");
  if (publish && skipChecks)
    throw new Error("release: nothing is published unchecked; leave out --skip-checks");
  if (provenance && !publish) throw new Error("release: --provenance says how to publish; add --publish");
  return { publish, provenance, skipChecks, architectures: values.arch.split(",").map(parseArchitecture) };
}

function valuesOf(args: string[]) {
  const off = { type: "boolean", default: false } as const;
  const options = {
    "dry-run": off,
    publish: off,
    provenance: off,
    "skip-checks": off,
    arch: { type: "string", default: "x64,arm64" },
    help: off,
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new Error(`release: ${(error as Error).message}; --help lists what there is`, { cause: error });
  }
}
