import { createMiddleware } from "hono/factory";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { languageOf } from "./language.ts";

/** What the listener knows of a connection. */
export interface Connection {
  readonly address: string;
  readonly isSecure: boolean;
  /** Ends it at once. */
  readonly cut: () => void;
}

export interface SurroundingsOptions {
  readonly connectionOf: (env: unknown) => Connection;
  /** Whether a proxy in front is to be believed about the client. */
  readonly isBehindProxy: boolean;
}

/** Names the request, answers in the caller's language, sets headers that every answer has, and logs. */
export function surroundings({ random, clock, log, metrics }: ServerDeps, options: SurroundingsOptions) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { address, isSecure, cut } = connectionOf(options, c.env, (name) => c.req.header(name));
    const given = c.req.header("x-request-id");
    const requestId =
      given !== undefined && /^[\w.-]{1,64}$/.test(given)
        ? given
        : Buffer.from(random(9)).toString("base64url");
    c.set("requestId", requestId);
    c.set("language", languageOf(c.req.header("accept-language")));
    c.set("address", address);
    c.set("isSecure", isSecure);
    c.set("cut", cut);
    const start = clock();
    await next();
    c.header("x-request-id", requestId);
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
    // Never the query: a search, or a name, is nobody's business but the caller's.
    metrics.request(c.req.method, c.res.status, (clock() - start) / 1000);
    const fields = { requestId, method: c.req.method, path: c.req.path, status: c.res.status };
    log.info({ ...fields, milliseconds: Math.round(clock() - start), address }, "request");
  });
}

function connectionOf(
  { connectionOf: direct, isBehindProxy }: SurroundingsOptions,
  env: unknown,
  header: (name: string) => string | undefined,
): Connection {
  const connection = direct(env);
  if (!isBehindProxy) return connection;
  // The last one was written by the proxy that is trusted; those before by whoever calls it.
  const address = header("x-forwarded-for")?.split(",").at(-1)?.trim();
  return {
    ...connection,
    address: address === undefined || address === "" ? connection.address : address,
    isSecure: header("x-forwarded-proto") === "https" || connection.isSecure,
  };
}
