import type { WatchKind } from "../../../cluster/cluster.ts";
import type { WatchLimits } from "./list-watch.ts";

/** The API server sends a bookmark about once a minute, of what it keeps in its watch cache: not of Events. */
const cached: WatchLimits = { lifeMs: 300_000, silenceMs: 90_000 };

export const watchLimits: Readonly<Record<WatchKind, WatchLimits>> = {
  jobs: cached,
  pods: cached,
  events: { lifeMs: 120_000, silenceMs: undefined },
};
