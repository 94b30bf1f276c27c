import type { KerutaError, Retention, RotationRule } from "@keruta/shared/domain";
import type { ServerStore } from "@keruta/shared/queue";
import type { ServerLog } from "../deps/env.ts";
import { removeAllExpired } from "../retention/index.ts";
import { archiveDueLogs } from "./archive-due-logs.ts";
import { reclaimSpace } from "./reclaim-space.ts";
import { startChore, type Chore, type ChoreOptions } from "./chore.ts";

export interface StoreChoresOptions extends Pick<ChoreOptions, "timers"> {
  readonly store: Pick<ServerStore, "queue" | "retention" | "logArchive" | "choreLeases">;
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly log: ServerLog;
  readonly artifactRoot: () => Promise<string>;
  /** As the settings are now. */
  readonly upkeep: () => Promise<UpkeepRules>;
  readonly stopping: AbortSignal;
}

export interface UpkeepRules {
  readonly retention: Retention;
  readonly rotation: RotationRule;
  /** "": nothing is archived. */
  readonly archiveLocation: string;
}

const minute = 60_000;

/** What keeps a database from growing for ever. Of many processes each may do it. */
export function startStoreChores(options: StoreChoresOptions): readonly Chore[] {
  const { store, timers, log, clock, random, artifactRoot, upkeep, stopping } = options;
  const { queue, retention, logArchive } = store;
  const chore = (name: string, milliseconds: number, run: () => Promise<void>) =>
    startChore({ name, milliseconds, run, timers, log });
  const warn = (error: KerutaError) => {
    log.warn({ error: String(error) }, "not all of the upkeep was done, the rest is tried again later");
  };
  return [
    chore("archiving logs", 5 * minute, async () => {
      const { archiveLocation: location, rotation: rule } = await upkeep();
      const archived = await archiveDueLogs({
        store,
        location,
        rule,
        clock,
        random,
        timers,
        signal: stopping,
        warn,
      });
      if (archived && (archived.objects > 0 || archived.removedObjects > 0))
        log.info({ archived }, "archived logs");
    }),
    chore("removing what is over its time", 60 * minute, async () => {
      const removed = await removeAllExpired({
        queue,
        retention,
        clock,
        usual: (await upkeep()).retention,
        artifactRoot: await artifactRoot(),
        signal: stopping,
      });
      if (removed.logs + removed.tasks > 0) await reclaimSpace({ store: logArchive, signal: stopping, warn });
      if (Object.values(removed).some((count) => count > 0))
        log.info({ removed }, "removed what is over its time");
    }),
  ];
}
