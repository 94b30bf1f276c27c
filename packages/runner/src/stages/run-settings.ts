import type { LevelWords } from "@keruta/shared/domain";

/** What a runner takes from the settings where a task is silent. Times in milliseconds, sizes in bytes. */
export interface RunSettings {
  readonly defaultCommand: readonly string[];
  readonly timeout: number;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGrace: number;
  readonly controlLines: boolean;
  readonly spoolBytes: number;
  readonly retryAttempts: number;
  /** Categories, reasons and exit codes. */
  readonly retryOn: readonly (string | number)[];
  readonly retryBackoff: number;
  readonly artifactMaxBytes: number;
  readonly artifactMaxTotalBytes: number;
  readonly repository: {
    readonly url: string;
    readonly ref: string;
    readonly path: string;
    readonly secret: string;
  };
  readonly levelWords: LevelWords;
  /** Lines of level DEBUG are not stored. */
  readonly dropDebug: boolean;
}
