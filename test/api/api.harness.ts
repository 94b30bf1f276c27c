import { randomBytes } from "node:crypto";
import { createApp } from "../../packages/server/src/app/create-app.ts";
import type { ServerDeps } from "../../packages/server/src/deps/env.ts";
import { digestOf, newSecret } from "../../packages/server/src/auth/digest.ts";
import { shareChanges } from "../../packages/server/src/events/share-changes.ts";
import { panelFilesIn } from "../../packages/server/src/panel/index.ts";
import { createMetrics } from "../../packages/server/src/metrics/metrics.ts";
import { connectionOf, listen } from "../../packages/server/src/serve/listen.ts";
import { openApiQueue } from "../../packages/shared/src/api/index.ts";
import type { Role } from "../../packages/shared/src/domain/index.ts";
import type { NewToken, Queue } from "../../packages/shared/src/queue/index.ts";
import type { QueueHarness, StoreHarness } from "../../packages/shared/src/queue/queue.harness.ts";

export interface ApiHarness extends QueueHarness {
  readonly store: StoreHarness;
  readonly url: string;
  /** What the server wrote of errors that are its own fault. */
  readonly errors: readonly unknown[];
  token(role: Role, change?: Partial<NewToken>): Promise<string>;
  open(token: string): Promise<Queue>;
  /** As any client would. */
  request(path: string, init?: RequestInit & { readonly token?: string }): Promise<Response>;
}

const silent = () => undefined;

/** A server over a store, reached over a real connection; its clock is the test's. */
export async function openApiHarness(
  store: StoreHarness,
  { artifactRoot = "/nonexistent", panelDirectory = "/nonexistent" } = {},
): Promise<ApiHarness> {
  const { queue: stored, accounts, reports, notify, audited, world } = store;
  const stopping = new AbortController();
  const errors: unknown[] = [];
  const deps: ServerDeps = {
    queue: stored,
    accounts,
    reports,
    notify,
    audited,
    clock: world.clock,
    random: (bytes) => randomBytes(bytes),
    version: "1.2.3",
    log: { info: silent, warn: silent, error: (fields) => errors.push(fields) },
    metrics: createMetrics(),
    doctor: () => Promise.resolve([]),
    panel: panelFilesIn(panelDirectory),
    testChannels: (channels) =>
      Promise.resolve(
        (channels ?? []).map((channel) => ({
          channel,
          ok: false,
          detail: { en: "for tests", ja: "試験用" },
        })),
      ),
    changes: shareChanges(stored),
    artifactRoot: () => Promise.resolve(artifactRoot),
    stopping: stopping.signal,
  };
  const rates = { known: { perSecond: 1e6, burst: 1e6 }, unknown: { perSecond: 1e6, burst: 1e6 } };
  const app = createApp(deps, { connectionOf, isBehindProxy: false, rates });
  const fetchApp = (request: Request, env: unknown) => app.fetch(request, env as object);
  const listener = await listen({ fetch: fetchApp, host: "127.0.0.1", port: 0, tls: null });
  const { url } = listener;

  const token: ApiHarness["token"] = async (role, change = {}) => {
    const secret = newSecret("krt", deps.random);
    const fields = { name: "me", role, namespaces: null, expiresAt: null, attempt: null, createdBy: "test" };
    await accounts.addToken({ ...fields, ...change, digest: digestOf(secret) });
    return secret;
  };
  const open = (secret: string) =>
    openApiQueue({ url, token: secret, language: "en", userAgent: "test", fetch });
  const queue = await open(await token("admin"));
  const opened = [queue];

  return {
    queue,
    world,
    store,
    url,
    errors,
    author: "token:me",
    readsAhead: true,
    token,
    async open(secret) {
      const another = await open(secret);
      opened.push(another);
      return another;
    },
    request: (path, { token: secret, ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (secret !== undefined) headers.set("authorization", `Bearer ${secret}`);
      return fetch(`${url}${path}`, { ...init, headers });
    },
    reopen: () => Promise.resolve(queue),
    async dispose() {
      for (const one of opened) await one.close();
      stopping.abort();
      await listener.close(2000);
      await store.dispose();
      if (errors.length > 0) throw new Error(`the server failed: ${JSON.stringify(errors)}`);
    },
  };
}
