/** Of which commit something is built; `scripts/release.ts` sets both, other builds are of no commit. */
export interface BuildOrigin {
  /** Seconds (https://reproducible-builds.org/specs/source-date-epoch). */
  readonly epoch?: number;
  readonly revision?: string;
}

export function originOf(env: Readonly<Record<string, string | undefined>>): BuildOrigin {
  const { SOURCE_DATE_EPOCH: epoch, KERUTA_REVISION: revision } = env;
  if (epoch !== undefined && !/^\d{1,11}$/.test(epoch)) {
    throw new Error(`SOURCE_DATE_EPOCH is seconds since 1970, not "${epoch}": git log -1 --format=%ct`);
  }
  return {
    ...(epoch !== undefined && { epoch: Number(epoch) }),
    ...(revision !== undefined && { revision }),
  };
}

/** The image's own account of itself (https://specs.opencontainers.org/image-spec/annotations). */
export function imageLabels(
  { title, description, version }: Readonly<Record<"title" | "description" | "version", string>>,
  { epoch, revision }: BuildOrigin,
): Readonly<Record<string, string>> {
  const labels = {
    title,
    description,
    version,
    licenses: "Apache-2.0",
    ...(revision !== undefined && { revision }),
    ...(epoch !== undefined && { created: new Date(epoch * 1000).toISOString() }),
  };
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [`org.opencontainers.image.${key}`, value]),
  );
}
