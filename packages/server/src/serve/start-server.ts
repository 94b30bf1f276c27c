import type { ServerStore } from "@keruta/shared/queue";
import { createApp } from "../app/create-app.ts";
import type { ServerDeps, ServerLog } from "../app/env.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { observeAttempts } from "../metrics/observe-attempts.ts";
import { shareChanges } from "../events/share-changes.ts";
import { connectionOf, listen, type Tls } from "./listen.ts";
import type { Address } from "./refuse-open.ts";
import { refuseOpen } from "./refuse-open.ts";

export interface ServerOptions {
  readonly store: ServerStore;
  readonly address: Address;
  readonly tls: Tls | null;
  /** Something in front speaks TLS with clients, and tells who they are. */
  readonly isBehindProxy: boolean;
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly version: string;
  readonly log: ServerLog;
  readonly artifactRoot: () => Promise<string>;
  readonly timers: { every(milliseconds: number, act: () => void): () => void };
}

export interface RunningServer {
  readonly url: string;
  /** Streams end at once, requests that run have this long. */
  stop(graceMilliseconds: number): Promise<void>;
}

const sweepMilliseconds = 10 * 60_000;

/** The API over a store, from listening to a graceful stop; the store is the caller's to close. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { store, address, tls, isBehindProxy, log, timers } = options;
  refuseOpen(address, tls !== null || isBehindProxy);
  const { queue, accounts, reports } = store;
  const stopping = new AbortController();
  const { clock, random, version, artifactRoot } = options;
  const deps: ServerDeps = {
    queue,
    accounts,
    reports,
    clock,
    random,
    version,
    log,
    artifactRoot,
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
  const sweep = () => {
    accounts.sweepAccounts().catch((error: unknown) => {
      log.warn({ error: String(error) }, "expired tokens and sessions were not swept; tried again later");
    });
  };
  const stopSweeping = timers.every(sweepMilliseconds, sweep);
  const observing = observeAttempts(deps);
  return {
    url: listener.url,
    async stop(graceMilliseconds) {
      stopSweeping();
      stopping.abort();
      await listener.close(graceMilliseconds);
      await observing;
    },
  };
}
