import { KerutaError, type RunnerName, type Settings } from "@keruta/shared/domain";

/** The runner for a task: `--runner`, then the task, then the setting (design section 11). */
export function chooseRunner(
  forced: RunnerName | undefined,
  asked: RunnerName | undefined,
  settings: Settings,
): RunnerName {
  return forced ?? asked ?? defaultRunner(settings);
}

export function defaultRunner(settings: Settings): RunnerName {
  return settings.get("keruta.kubernetes.enabled") ? "kubernetes" : "local";
}

/** A container task never runs on the host by accident, so the way there is named and not taken. */
export function noCluster(): KerutaError {
  return new KerutaError(
    "KRT_RUNNER_UNSUPPORTED",
    {
      en: "This task is for the kubernetes runner, which this version does not have yet.",
      ja: "このタスクは kubernetes ランナー用ですが、このバージョンにはまだ含まれていません。",
    },
    {
      hint: {
        en: "To run it as a process of this machine, add --runner local, or for all tasks: keruta settings set kubernetes.enabled false",
        ja: "このマシンのプロセスとして実行するには --runner local を付けてください。常にそうする場合: keruta settings set kubernetes.enabled false",
      },
    },
  );
}
