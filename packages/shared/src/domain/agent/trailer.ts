/** The last entry of the archive that `keruta-agent collect` writes. */
export const artifactTrailerName = ".keruta/trailer.json";

/**
 * Extended header (pax) of the first entry of a run that was asked with `--offset`: so many bytes of the file came on
 * an earlier run, and are left out.
 */
export const artifactOffsetHeader = "KERUTA.offset";

/** Extended header of the first entry of each run: bytes of all files together, as far as is known; for display. */
export const artifactTotalHeader = "KERUTA.total";

/**
 * `too-large`, `total-too-large`: over a limit. `changed`: another size while it was read, so that what was sent
 * is cut or padded with NUL. `unsafe`: all else, as a link that leads outside, a special file, a name that cannot
 * be sent or that another file has, a file that cannot be read; `note` tells.
 */
export type ArtifactSkip = "too-large" | "total-too-large" | "changed" | "unsafe";

export interface ArtifactTrailerFile {
  /** Its name in the archive. */
  readonly path: string;
  readonly bytes: number;
  /** Hex SHA-256 of what was sent, null where nothing was. */
  readonly sha256: string | null;
  readonly mode: number;
  readonly skipped: ArtifactSkip | null;
  /** Why it was skipped, for people; empty where it was not. */
  readonly note: string;
}

export interface ArtifactTrailer {
  readonly version: 1;
  /** Of the files that were not skipped, as `bytes`; over all runs of a resumed stream. */
  readonly count: number;
  readonly bytes: number;
  /** In the order of the archive; `--from K` begins with the entry after the K-th that was sent. */
  readonly files: readonly ArtifactTrailerFile[];
  /** Patterns that matched nothing. */
  readonly unmatched: readonly string[];
}
