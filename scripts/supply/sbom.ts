import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BundledPackage } from "./bundled-packages.ts";

export interface Component {
  readonly type: "library" | "application";
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licence?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

export interface SbomInput {
  /** What it is the bill of: `keruta`, `keruta-agent`. */
  readonly name: string;
  readonly version: string;
  readonly components: readonly Component[];
  /** Seconds: the commit's, so that two builds write the same. */
  readonly epoch?: number | undefined;
}

/** A CycloneDX 1.6 document in JSON. */
export function sbom({ name, version, components, epoch }: SbomInput): string {
  const reference = `pkg:npm/${name}@${version}`;
  const sorted = components.toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
  const content = {
    metadata: {
      ...(epoch !== undefined && { timestamp: new Date(epoch * 1000).toISOString() }),
      component: {
        type: "application",
        "bom-ref": reference,
        name,
        version,
        purl: reference,
        licenses: [{ license: { id: "Apache-2.0" } }],
      },
    },
    components: sorted.map(({ licence, ...component }) => ({
      ...component,
      "bom-ref": component.purl,
      ...(licence !== undefined && { licenses: [licenceOf(licence)] }),
    })),
    dependencies: [{ ref: reference, dependsOn: sorted.map(({ purl }) => purl) }],
  };
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function licenceOf(licence: string): object {
  return /^[\w.-]+$/.test(licence) ? { license: { id: licence } } : { expression: licence };
}

/** Made of the content (version 8 of RFC 9562), so that the same content has the same number. */
function uuidOf(content: string): string {
  const bytes = createHash("sha256").update(content).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Packages as components, with the digests by which npm verified them. */
export async function npmComponents(
  root: string,
  packages: readonly BundledPackage[],
): Promise<readonly Component[]> {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, { integrity?: string } | undefined>>;
  };
  return packages.map(({ name, version, licence, lockKey }) => ({
    type: "library",
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    licence,
    hashes: hashesOf(lock.packages[lockKey]?.integrity),
  }));
}

function hashesOf(integrity: string | undefined) {
  const digest = /^sha512-(.+)$/.exec(integrity ?? "")?.[1];
  return digest === undefined
    ? []
    : [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }];
}
