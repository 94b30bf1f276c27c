import { randomBytes } from "node:crypto";
import { createApp } from "../../packages/server/src/app/create-app.ts";
import { shareChanges } from "../../packages/server/src/events/share-changes.ts";
import { panelFilesIn } from "../../packages/server/src/panel/index.ts";
import { createMetrics } from "../../packages/server/src/metrics/metrics.ts";
import { connectionOf, listen } from "../../packages/server/src/serve/listen.ts";
import { createWorld } from "../../packages/shared/src/queue/queue.harness.ts";
import type { ServerStore } from "../../packages/shared/src/queue/index.ts";
import { openSqliteStore } from "../../packages/shared/src/queue/sqlite/index.ts";

export interface Served extends ServerStore, AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** `POST /api/tasks/…/log 200`, in the order of the answers. */
  readonly requests: readonly string[];
  /** What the server wrote to its log. */
  readonly log: readonly unknown[];
}

export interface ServeOptions {
  /** Of the SQLite file. */
  readonly path: string;
  readonly host?: string;
  /** 0: any that is free. */
  readonly port?: number;
  /** Where collected artifacts lie. */
  readonly artifactRoot?: string;
}

/** A server over a queue in a file, by the machine's own clock, until it is disposed of. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { path, host = "127.0.0.1", port = 0, artifactRoot = "/nonexistent" } = options;
  const panelDirectory = "/nonexistent";
  const { processes } = createWorld();
  const clock = () => Date.now();
  const random = (bytes: number) => randomBytes(bytes);
  const store = await openSqliteStore({ path, processes, clock, random });
  const stopping = new AbortController();
  const requests: string[] = [];
  const log: unknown[] = [];
  const app = createApp(
    {
      ...store,
      clock,
      random,
      version: "1.2.3",
      metrics: createMetrics(),
      doctor: () => Promise.resolve([]),
      panel: panelFilesIn(panelDirectory),
      testChannels: () => Promise.resolve([]),
      log: {
        info: (fields) => {
          log.push(fields);
          requests.push(`${String(fields["method"])} ${String(fields["path"])} ${String(fields["status"])}`);
        },
        warn: (fields) => log.push(fields),
        error: (fields) => log.push(fields),
      },
      changes: shareChanges(store.queue),
      artifactRoot: () => Promise.resolve(artifactRoot),
      stopping: stopping.signal,
    },
    { connectionOf, isBehindProxy: false },
  );
  const listener = await listen({
    fetch: (request, env) => app.fetch(request, env as object),
    host,
    port,
    tls: null,
  });
  return {
    ...store,
    url: listener.url,
    port: Number(new URL(listener.url).port),
    requests,
    log,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await listener.close(0);
      await store.queue.close();
    },
  };
}
