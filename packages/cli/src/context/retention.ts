import type { Retention, Settings } from "@keruta/shared/domain";

/** What is kept how long where a task says nothing else. */
export function usualRetention(settings: Settings): Retention {
  return {
    logs: settings.get("keruta.logs.retention"),
    artifacts: settings.get("keruta.artifacts.retention"),
    tasks: settings.get("keruta.tasks.retention"),
  };
}
