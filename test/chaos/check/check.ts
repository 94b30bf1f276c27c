import { deathsOf } from "./hits.ts";
import type { Breach, History } from "./history.ts";
import { checkAccepted, checkExitCodes, checkResults, checkStarts } from "./promises-1-to-4.ts";
import { checkArtifacts, checkLogs } from "./promises-5-and-6.ts";
import { checkInside, checkReplaced, checkSecrets, checkSettled } from "./promises-7-to-10.ts";

/** Every promise of the design against everything that was seen; empty where all are kept. */
export function check(history: History): readonly Breach[] {
  const deaths = deathsOf(history);
  return [
    ...history.tasks.flatMap((task) => [
      ...checkAccepted(task),
      ...checkResults(history, deaths, task),
      ...checkStarts(task),
      ...checkExitCodes(history, task),
      ...checkLogs(history, deaths, task),
      ...checkArtifacts(history, deaths, task),
    ]),
    ...history.glimpses.map((what): Breach => ({ promise: 6, key: null, what })),
    ...checkSettled(history),
    ...checkReplaced(history, deaths),
    ...checkSecrets(history),
    ...checkInside(history),
  ];
}
