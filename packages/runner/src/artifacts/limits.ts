export interface ArtifactLimits {
  /** Files and directories. */
  readonly entries: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** Of the trailer, and of all names together: what one collection may take of the receiver's memory. */
  readonly listBytes: number;
}

/** More files than anyone looks at; what goes beyond is a mistake in a glob. */
export const maxArtifactEntries = 200_000;

/** Bytes of PAX and GNU long-name headers before one entry: a 4,096-byte name and a dozen short keys fit easily. */
export const maxLongHeaderBytes = 64 * 1024;

/** A trailer of about 300,000 files with names of usual length. */
export const usualListBytes = 64 * 1024 * 1024;
