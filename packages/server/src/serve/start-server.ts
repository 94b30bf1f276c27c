import { createApp } from "../app/create-app.ts";
import type { ServerDeps } from "../deps/env.ts";
import { shareChanges } from "../events/share-changes.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { observeAttempts } from "../metrics/observe-attempts.ts";
import { startChores, type ChoresOptions } from "./chores.ts";
import { connectionOf, listen, type Tls } from "./listen.ts";
import { refuseOpen, type Address } from "./refuse-open.ts";

export interface ServerOptions extends Omit<ChoresOptions, "stopping"> {
  readonly address: Address;
  readonly tls: Tls | null;
  /** Something in front speaks TLS with clients, and tells who they are. */
  readonly isBehindProxy: boolean;
  readonly random: (bytes: number) => Uint8Array;
  readonly version: string;
  readonly doctor: ServerDeps["doctor"];
}

export interface RunningServer {
  readonly url: string;
  /** Streams end at once, requests that run have this long. */
  stop(graceMilliseconds: number): Promise<void>;
}

/** The API over a store, from listening to a graceful stop; the store is the caller's to close. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { store, address, tls, isBehindProxy, clock, random, version, log, artifactRoot, doctor } = options;
  refuseOpen(address, tls !== null || isBehindProxy);
  const { queue, accounts, reports } = store;
  const stopping = new AbortController();
  const deps: ServerDeps = {
    queue,
    accounts,
    reports,
    clock,
    random,
    version,
    log,
    artifactRoot,
    doctor,
    metrics: createMetrics(),
    changes: shareChanges(queue),
    stopping: stopping.signal,
  };
  const app = createApp(deps, { connectionOf, isBehindProxy });
  const listener = await listen({
    ...address,
    tls,
    fetch: (request, env) => app.fetch(request, env as object),
  });
  const chores = startChores({ ...options, stopping: stopping.signal });
  const observing = observeAttempts(deps);
  return {
    url: listener.url,
    async stop(graceMilliseconds) {
      stopping.abort();
      await listener.close(graceMilliseconds);
      await Promise.all([observing, ...chores.map((chore) => chore.stop())]);
    },
  };
}
