import { KerutaError, mayDo, type Principal } from "@keruta/shared/domain";
import type { AttemptKey } from "@keruta/shared/queue";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../deps/env.ts";
import { forbidden } from "./refusals.ts";
import { tellsWhoMay } from "./who-may.ts";

/** Lets an agent's token through to the attempt that it was made for, before anything else of the request is looked at. */
export const onOwnAttempt = tellsWhoMay(
  { permission: "report", bounds: "attempt" },
  createMiddleware<AppEnv>(async (c, next) => {
    const principal = c.get("principal");
    if (!mayDo(principal.role, "report")) throw forbidden(principal, "report");
    const [id, number] = [c.req.param("id"), c.req.param("n")];
    const { attempt } = principal;
    if (attempt?.taskId !== id || String(attempt?.number) !== number) throw otherAttempt(principal);
    await next();
  }),
);

/** For agents that have no attempt yet. */
export const tradesOnly = tellsWhoMay(
  { permission: "report", bounds: "trade" },
  createMiddleware<AppEnv>(async (c, next) => {
    const principal = c.get("principal");
    if (!mayDo(principal.role, "report")) throw forbidden(principal, "report");
    if (principal.attempt !== null) throw otherAttempt(principal);
    await next();
  }),
);

/** What `onOwnAttempt` let through. */
export function ownAttempt({ attempt }: Principal): AttemptKey {
  if (!attempt) throw new Error("a principal without an attempt was let through");
  return attempt;
}

/** The same for an attempt that is not there: a Pod learns nothing of others. */
function otherAttempt({ name, attempt }: Principal): KerutaError {
  return new KerutaError(
    "KRT_SERVER_FORBIDDEN",
    {
      en: `${name} may ${attempt ? "report on its own attempt and on nothing else" : "only be traded for the token of an attempt"}.`,
      ja: attempt
        ? `${name} が報告できるのは自分の試行だけです。`
        : `${name} は試行のトークンとの引き換えにしか使えません。`,
    },
    {
      hint: {
        en: "POST /api/tasks/{id}/attempts/{n}/token trades an agent's token that has no attempt.",
        ja: "試行に結びついていないエージェント用トークンは POST /api/tasks/{id}/attempts/{n}/token で引き換えられます。",
      },
      details: { attempt },
    },
  );
}
