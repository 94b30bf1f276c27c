import type { KerutaError, RotationRule } from "@keruta/shared/domain";
import type { ServerStore } from "@keruta/shared/queue";
import {
  archiveLogs,
  openArchivePlace,
  removeUnusedArchives,
  type Archived,
  type ArchiveLogsDeps,
} from "../archive/index.ts";
import { reclaimSpace } from "./reclaim-space.ts";
import { holdChore, type HoldChoreOptions } from "./hold-chore.ts";

export interface ArchiveDueLogsDeps
  extends
    Pick<HoldChoreOptions, "timers" | "signal">,
    Pick<ArchiveLogsDeps, "clock" | "random" | "wanted" | "onProgress"> {
  readonly store: Pick<ServerStore, "queue" | "logArchive" | "choreLeases">;
  /** Of the archive; "": nothing is archived. */
  readonly location: string;
  readonly rule: RotationRule;
  /** Told of what could not be done beside the archiving, and is tried again the next time. */
  readonly warn: (error: KerutaError) => void;
}

export interface ArchivedLogs extends Archived {
  /** Objects that nothing pointed to any more. */
  readonly removedObjects: number;
}

/** Archives what is due, and removes objects whose logs are gone; undefined where another process is at it. */
export async function archiveDueLogs(deps: ArchiveDueLogsDeps): Promise<ArchivedLogs | undefined> {
  const { store, location, timers, clock, random, warn } = deps;
  const { queue, logArchive, choreLeases: leases } = store;
  const owner = Buffer.from(random(12)).toString("hex");
  return await holdChore({ leases, name: "logs", owner, timers, signal: deps.signal }, async (signal) => {
    const place = location === "" ? null : await openArchivePlace(location);
    const archived = place
      ? await archiveLogs({ ...deps, store: logArchive, place, uid: queue.uid, signal })
      : { objects: 0, blocks: 0, bytes: 0 };
    if (archived.blocks > 0) await reclaimSpace({ store: logArchive, signal, warn });
    const removedObjects = await removeUnusedArchives({ store: logArchive, clock, signal, warn });
    return { ...archived, removedObjects };
  });
}
