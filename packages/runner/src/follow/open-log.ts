import { createLevelDetector } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { createLogKeeper, type LogKeeper } from "./log-keeper.ts";
import type { RunnerDeps } from "../stages/deps.ts";

/** The log of a claimed attempt, on from where it stands in the queue. */
export function openLog(
  { queue, settings, clock, observer }: Pick<RunnerDeps, "queue" | "settings" | "clock" | "observer">,
  { lease }: Claim,
): Promise<LogKeeper> {
  return createLogKeeper({
    queue,
    lease,
    detect: createLevelDetector(settings.levelWords),
    dropDebug: settings.dropDebug,
    clock,
    show: (entries) => observer.entries(entries),
    onFull: () => {
      observer.notice(noSpace(lease.taskId));
    },
  });
}

function noSpace(id: string) {
  return {
    en: `no space is left on the queue's disk, and the log of ${id} cannot be stored. The task goes on: free some space there, and its log goes on too; what stays missing is in a gap record.`,
    ja: `キューのディスクに空きがなく、${id} のログを保存できません。タスクは続行します。空きを作ればログの保存も再開します。保存できなかった分は欠落の記録に残ります。`,
  };
}
