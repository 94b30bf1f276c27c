import type { Dispatcher } from "undici";
import { answeredStatus } from "../../../cluster/answered-status.ts";
import type { Credentials, Identity } from "../credentials/identity.ts";
import type { AccessDeps } from "../deps.ts";
import { refused, retryAfterOf, unreachable } from "../errors.ts";
import { urlOf, type ApiRequest } from "./api-request.ts";
import { createEarlyRefusals, type Doubt } from "./early-refusals.ts";
import { isNetworkProblem, isStaleSocket } from "./network-problem.ts";
import { createPool, type Route } from "./transport.ts";
import { waitFor } from "./wait-for.ts";

export interface Connection {
  readonly route: Route;
  readonly requests: ReadonlyMap<string, number>;
  /** The answer, as JSON. A 429 is sent again as the server says; throws the errors that `Cluster` names. */
  send(request: ApiRequest): Promise<unknown>;
  /** The answer's bytes as they come, without any time-out. The caller reads or destroys them. */
  open(request: ApiRequest): Promise<AsyncIterable<Uint8Array>>;
  /** For what is not sent over the pool: counts a request, and says who we are. */
  enter(operation: string): Promise<Identity>;
  /** The server did not accept the identity; true where there may be a better one. */
  renew(): boolean;
  /** For what is not sent over the pool: whether a 403 is to be believed. */
  doubtRefusal(): Doubt;
  close(): Promise<void>;
}

/** How often a request is sent again because the server is too busy. */
const maxBusyRetries = 5;
const longestRetryAfterMs = 10_000;

export function createConnection(route: Route, credentials: Credentials, deps: AccessDeps): Connection {
  const requests = new Map<string, number>();
  let pool: { readonly dispatcher: Dispatcher; readonly identity: Identity } | undefined;
  const retired = new Set<Promise<void>>();
  const early = createEarlyRefusals(isReady, deps.timers);

  async function enter(operation: string): Promise<Identity> {
    const identity = await credentials.identity();
    requests.set(operation, (requests.get(operation) ?? 0) + 1);
    return identity;
  }

  /** A new certificate needs new connections; what still runs on the old ones ends in peace. */
  function poolFor(identity: Identity): Dispatcher {
    const isSame = pool?.identity.certificate === identity.certificate && pool?.identity.key === identity.key;
    if (pool !== undefined && isSame) return pool.dispatcher;
    if (pool !== undefined) {
      const closing = pool.dispatcher.close().finally(() => retired.delete(closing));
      retired.add(closing);
    }
    pool = { dispatcher: createPool(route, identity), identity };
    return pool.dispatcher;
  }

  async function once(request: ApiRequest, isStream: boolean): Promise<Dispatcher.ResponseData> {
    const identity = await enter(request.operation);
    const url = urlOf(route.server, request.path, request.query);
    const answer = await poolFor(identity).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: {
        accept: "application/json",
        "user-agent": deps.userAgent,
        ...identity.headers,
        ...(request.body && { "content-type": request.contentType ?? "application/json" }),
      },
      body: request.body ? JSON.stringify(request.body) : null,
      signal: request.signal ?? null,
      ...(isStream && { headersTimeout: 0, bodyTimeout: 0 }),
    });
    if (answer.statusCode < 400) return answer;
    throw refused({
      server: route.server,
      operation: request.operation,
      status: answer.statusCode,
      body: await answer.body.text(),
      retryAfter: String(answer.headers["retry-after"] ?? ""),
    });
  }

  async function attempt(request: ApiRequest, isStream: boolean): Promise<Dispatcher.ResponseData> {
    let [renewed, resent, busy] = [false, false, 0];
    const doubt = early.doubt();
    for (;;) {
      try {
        return await once(request, isStream);
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        const status = answeredStatus(error);
        if (status === 401 && !renewed && credentials.renew()) renewed = true;
        else if (status === 403 && (await doubt.mayChange(request.signal))) continue;
        else if (status === 429 && !isStream && busy < maxBusyRetries) {
          busy += 1;
          const asked = Math.min(retryAfterOf(error) ?? 1000 * busy, longestRetryAfterMs);
          await waitFor(asked * (1 + deps.random() / 4), deps.timers, request.signal);
        } else if (isStaleSocket(error) && request.method === "GET" && !resent) resent = true;
        else if (isNetworkProblem(error)) throw unreachable(route.server, error);
        else throw error;
      }
    }
  }

  async function isReady(): Promise<boolean> {
    try {
      const identity = await credentials.identity();
      const { origin, pathname } = urlOf(route.server, "/readyz");
      const headers = { "user-agent": deps.userAgent, ...identity.headers };
      const answer = await poolFor(identity).request({ origin, path: pathname, method: "GET", headers });
      await answer.body.dump();
      return answer.statusCode === 200;
    } catch (error) {
      if (!isNetworkProblem(error)) throw error;
      return false;
    }
  }

  return {
    route,
    requests,
    async send(request) {
      const answer = await attempt(request, false);
      try {
        return await answer.body.json();
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        throw unreachable(route.server, error);
      }
    },
    open: async (request) => (await attempt(request, true)).body,
    enter,
    renew: () => credentials.renew(),
    doubtRefusal: () => early.doubt(),
    async close() {
      await pool?.dispatcher.destroy();
      await Promise.allSettled(retired);
      pool = undefined;
    },
  };
}
