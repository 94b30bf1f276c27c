import type { Settings } from "@keruta/shared/domain";
import type { RunSettings } from "@keruta/runner/stages";

/** The settings that a runner works with. */
export function runSettings(settings: Settings): RunSettings {
  return {
    defaultCommand: settings.get("keruta.job.default-command"),
    timeout: settings.get("keruta.agent.timeout"),
    stopGrace: settings.get("keruta.agent.stop-grace"),
    controlLines: settings.get("keruta.agent.control-lines"),
    spoolBytes: settings.get("keruta.agent.spool-bytes"),
    retryAttempts: settings.get("keruta.retry.attempts"),
    retryOn: settings.get("keruta.retry.on"),
    retryBackoff: settings.get("keruta.retry.backoff"),
    artifactMaxBytes: settings.get("keruta.artifacts.max-bytes"),
    artifactMaxTotalBytes: settings.get("keruta.artifacts.max-total-bytes"),
    repository: {
      url: settings.get("keruta.git.url"),
      ref: settings.get("keruta.git.ref"),
      path: settings.get("keruta.git.path"),
      secret: settings.get("keruta.git.secret"),
    },
    levelWords: {
      DEBUG: settings.get("keruta.logs.level-words.debug"),
      INFO: settings.get("keruta.logs.level-words.info"),
      WARN: settings.get("keruta.logs.level-words.warn"),
      ERROR: settings.get("keruta.logs.level-words.error"),
    },
    dropDebug: settings.get("keruta.logs.debug") === "drop",
  };
}
