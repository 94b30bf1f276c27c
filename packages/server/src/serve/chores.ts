import type { RunSettings } from "@keruta/runner/stages";
import type { Holder, ServerStore } from "@keruta/shared/queue";
import { reconcileReports } from "../reports/index.ts";
import { startChore, type Chore } from "../upkeep/chore.ts";
import { startStoreChores, type StoreChoresOptions } from "../upkeep/store-chores.ts";

export interface ChoresOptions extends StoreChoresOptions {
  readonly store: ServerStore;
  /** This process, for the moment in which it settles what nobody else does. */
  readonly holder: Holder;
  /** As the settings are now. */
  readonly runSettings: () => Promise<RunSettings>;
}

const minute = 60_000;

/** What a server does without being asked. Of many servers each does it, and all come to the same. */
export function startChores(options: ChoresOptions): readonly Chore[] {
  const { store, timers, log, clock, holder, runSettings } = options;
  const { queue, accounts, reports } = store;
  const chore = (name: string, milliseconds: number, run: () => Promise<void>) =>
    startChore({ name, milliseconds, run, timers, log });
  return [
    chore("removing expired tokens and sessions", 10 * minute, () => accounts.sweepAccounts()),
    chore("settling by what agents reported", minute / 2, async () => {
      await reconcileReports({ queue, reports, holder, clock, log, settings: await runSettings() });
    }),
    ...startStoreChores(options),
  ];
}
