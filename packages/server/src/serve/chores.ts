import type { RunSettings } from "@keruta/runner/stages";
import type { Retention } from "@keruta/shared/domain";
import type { Holder, ServerStore } from "@keruta/shared/queue";
import type { ServerLog } from "../deps/env.ts";
import { reconcileReports } from "../reports/index.ts";
import { removeAllExpired } from "../retention/index.ts";
import { startChore, type Chore, type ChoreOptions } from "./chore.ts";

export interface ChoresOptions extends Pick<ChoreOptions, "timers"> {
  readonly store: ServerStore;
  readonly clock: () => number;
  readonly log: ServerLog;
  readonly artifactRoot: () => Promise<string>;
  /** This process, for the moment in which it settles what nobody else does. */
  readonly holder: Holder;
  /** Both as the settings are now. */
  readonly runSettings: () => Promise<RunSettings>;
  readonly usualRetention: () => Promise<Retention>;
  readonly stopping: AbortSignal;
}

const minute = 60_000;

/** What a server does without being asked. Of many servers each does it, and all come to the same. */
export function startChores(options: ChoresOptions): readonly Chore[] {
  const { store, timers, log, clock, holder, artifactRoot, runSettings, usualRetention, stopping } = options;
  const { queue, accounts, reports, retention } = store;
  const chore = (name: string, milliseconds: number, run: () => Promise<void>) =>
    startChore({ name, milliseconds, run, timers, log });
  return [
    chore("removing expired tokens and sessions", 10 * minute, () => accounts.sweepAccounts()),
    chore("settling by what agents reported", minute / 2, async () => {
      await reconcileReports({ queue, reports, holder, clock, log, settings: await runSettings() });
    }),
    chore("removing what is over its time", 60 * minute, async () => {
      const removed = await removeAllExpired({
        queue,
        retention,
        clock,
        usual: await usualRetention(),
        artifactRoot: await artifactRoot(),
        signal: stopping,
      });
      if (Object.values(removed).some((count) => count > 0))
        log.info({ removed }, "removed what is over its time");
    }),
  ];
}
