import { createMiddleware } from "hono/factory";
import { authenticate } from "./authenticate.ts";
import { sessionOf } from "./cookie.ts";
import { createRateLimiter, type Rate } from "./rate-limit.ts";
import { tooMany, unauthorized } from "./refusals.ts";
import type { AppEnv, ServerDeps } from "../deps/env.ts";

export interface Rates {
  /** Of one principal. */
  readonly known: Rate;
  /** Of one address without valid credentials: enough for people, too few to try tokens or passwords. */
  readonly unknown: Rate;
}

/** A worker with a hundred attempts renews, records and appends; no person comes near it. */
export const usualRates: Rates = {
  known: { perSecond: 500, burst: 2000 },
  unknown: { perSecond: 0.5, burst: 20 },
};

/** Finds out who calls, and how often they may. */
export function identify({ accounts, clock }: ServerDeps, rates: Rates) {
  const known = createRateLimiter(rates.known, clock);
  const unknown = createRateLimiter(rates.unknown, clock);
  const identified = createMiddleware<AppEnv>(async (c, next) => {
    const principal = await authenticate(
      {
        method: c.req.method,
        authorization: c.req.header("authorization"),
        session: sessionOf(c),
        csrf: c.req.header("x-csrf-token"),
      },
      accounts,
    );
    const wait = principal ? known.take(principal.name) : unknown.take(c.get("address"));
    if (wait > 0) throw tooMany(wait);
    if (!principal) throw unauthorized();
    c.set("principal", principal);
    await next();
  });
  const stranger = createMiddleware<AppEnv>(async (c, next) => {
    const wait = unknown.take(c.get("address"));
    if (wait > 0) throw tooMany(wait);
    await next();
  });
  return { identified, stranger };
}
