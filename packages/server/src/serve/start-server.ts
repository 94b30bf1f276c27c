import { createApp } from "../app/create-app.ts";
import type { ServerDeps } from "../deps/env.ts";
import { shareChanges } from "../events/share-changes.ts";
import type { BuiltPanel } from "../deps/panel-files.ts";
import type { NotifyConfig } from "../notify/index.ts";
import { panelFilesIn } from "../panel/index.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { observeAttempts } from "../metrics/observe-attempts.ts";
import { startChores, type ChoresOptions } from "./chores.ts";
import { connectionOf, listen, type Tls } from "./listen.ts";
import { createNotifying } from "./notify.ts";
import { refuseOpen, type Address } from "./refuse-open.ts";

export interface ServerOptions extends Omit<ChoresOptions, "stopping"> {
  readonly address: Address;
  readonly tls: Tls | null;
  /** Something in front speaks TLS with clients, and tells who they are. */
  readonly isBehindProxy: boolean;
  readonly random: (bytes: number) => Uint8Array;
  readonly version: string;
  readonly doctor: ServerDeps["doctor"];
  readonly panel: BuiltPanel;
  /** As settings and secrets are now. */
  readonly notifyConfig: () => Promise<NotifyConfig>;
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
  const { queue, accounts, reports, notify, audited } = store;
  const stopping = new AbortController();
  const metrics = createMetrics();
  const changes = shareChanges(queue);
  const notifying = createNotifying(
    { notify, queue, changes, clock, random, version, log, metrics },
    options.notifyConfig,
    stopping.signal,
  );
  const deps: ServerDeps = {
    queue,
    accounts,
    reports,
    notify,
    audited,
    clock,
    random,
    version,
    log,
    artifactRoot,
    doctor,
    panel: panelFilesIn(options.panel),
    metrics,
    changes,
    testChannels: notifying.test,
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
  const sender = notifying.start();
  return {
    url: listener.url,
    async stop(graceMilliseconds) {
      stopping.abort();
      const sent = sender.stop(graceMilliseconds);
      await listener.close(graceMilliseconds);
      await Promise.all([observing, sent, ...chores.map((chore) => chore.stop())]);
    },
  };
}
