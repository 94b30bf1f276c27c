import type { UpkeepRules } from "@keruta/server/upkeep";
import type { Retention, RotationRule, Settings } from "@keruta/shared/domain";

/** What is kept how long where a task says nothing else. */
export function usualRetention(settings: Settings): Retention {
  return {
    logs: settings.get("keruta.logs.retention"),
    archivedLogs: settings.get("keruta.logs.archive.retention"),
    artifacts: settings.get("keruta.artifacts.retention"),
    tasks: settings.get("keruta.tasks.retention"),
    isArchiving: settings.get("keruta.logs.archive.location") !== "",
  };
}

export function upkeepRules(settings: Settings): UpkeepRules {
  return {
    retention: usualRetention(settings),
    rotation: rotationRule(settings),
    archiveLocation: settings.get("keruta.logs.archive.location"),
  };
}

/** When logs move to the archive. */
export function rotationRule(settings: Settings): RotationRule {
  return {
    rotation: {
      bytes: settings.get("keruta.logs.rotate.bytes"),
      age: settings.get("keruta.logs.rotate.age"),
    },
    usual: usualRetention(settings),
  };
}
