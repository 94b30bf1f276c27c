import { podLabels } from "@keruta/shared/domain";
import type { Timers } from "../../stages/timers.ts";
import type { Cluster, ObjectOf, WatchKind, WatchSelection } from "../cluster.ts";
import { createHub, type Hub } from "./hub.ts";
import { keyOfSelection } from "./keys.ts";

export interface ShareWatchesOptions {
  readonly queueUid: string;
  readonly timers: Timers;
}

/** A few hundred kilobytes; enough for Jobs whose attempts are claimed a little later. */
const idleKeys = 500;
const linger = 30_000;

/**
 * The same cluster, but that all attempts read one watch per namespace and kind: a hundred of them cost the API
 * server three watches and not three hundred. Each gets what its own watch would give: first all that there is of
 * it, then the changes, a snapshot after each interruption, and what cannot heal as an error.
 */
export function shareWatches(cluster: Cluster, { queueUid, timers }: ShareWatchesOptions): Cluster {
  const hubs = new Map<string, { [K in WatchKind]?: Hub<ObjectOf[K]> }>();
  const ofQueue = { labelSelector: `${podLabels.queue}=${queueUid}` };
  const upstream: Readonly<Record<WatchKind, WatchSelection>> = {
    jobs: ofQueue,
    pods: ofQueue,
    // Events have no labels; those of others are dropped as they come.
    events: { objectNamePrefix: "keruta-" },
  };

  const hubOf = <K extends WatchKind>(place: Cluster, kind: K): Hub<ObjectOf[K]> => {
    const own: { [P in WatchKind]?: Hub<ObjectOf[P]> } = hubs.get(place.namespace) ?? {};
    hubs.set(place.namespace, own);
    const known = own[kind] as Hub<ObjectOf[K]> | undefined;
    if (known) return known;
    const open = (signal: AbortSignal) => place.watch(kind, upstream[kind], signal);
    const made = createHub({ kind, open, timers, idleKeys, linger });
    Object.assign(own, { [kind]: made });
    return made;
  };
  const shared = (place: Cluster): Cluster => ({
    ...place,
    inNamespace: (namespace) => shared(place.inNamespace(namespace)),
    watch(kind, selection, signal) {
      const key = keyOfSelection(kind, selection);
      const own = key === undefined ? undefined : hubOf(place, kind).subscribe(key, signal);
      return own ?? place.watch(kind, selection, signal);
    },
    async close() {
      for (const own of hubs.values()) for (const hub of Object.values(own)) await hub.close();
      await place.close();
    },
  });
  return shared(cluster);
}
