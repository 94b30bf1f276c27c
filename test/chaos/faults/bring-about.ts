import { setTimeout as pause } from "node:timers/promises";
import { isOutage, type FaultKind } from "../plan/fault-kinds.ts";
import type { PlannedFault } from "../plan/plan-faults.ts";
import type { Round } from "../world/round-state.ts";
import type { BringAbout } from "./choose.ts";
import { clusterFaults } from "./cluster.ts";
import { databaseFaults } from "./database.ts";
import { driverFaults } from "./drivers.ts";
import { localFaults } from "./local.ts";
import { networkFaults } from "./network.ts";

const adapters: Readonly<Record<FaultKind, BringAbout>> = {
  ...driverFaults,
  ...localFaults,
  ...networkFaults,
  ...databaseFaults,
  ...clusterFaults,
};

const longestQueue = 2;

/** Brings all of the plan about, each at its time; resolves when the last is over. */
export async function bringAboutAll(
  round: Round,
  plan: readonly PlannedFault[],
): Promise<{ readonly missed: number }> {
  const start = Date.now();
  const running = new Set<Promise<void>>();
  let outages: Promise<void> = Promise.resolve();
  let [waiting, missed] = [0, 0];
  const one = async (planned: PlannedFault) => {
    try {
      if (!(await adapters[planned.kind](round, planned))) missed += 1;
    } catch (error) {
      missed += 1;
      round.note(`${planned.kind} did not come about: ${String(error)}`);
    }
  };
  for (const planned of plan) {
    await pause(Math.max(0, start + planned.at - Date.now()));
    if (isOutage(planned.kind)) {
      if (waiting >= longestQueue) {
        missed += 1;
        continue;
      }
      waiting += 1;
      outages = outages.then(() => one(planned)).finally(() => (waiting -= 1));
    } else {
      const done = one(planned).finally(() => running.delete(done));
      running.add(done);
    }
  }
  await Promise.all([...running, outages]);
  return { missed };
}
