import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { roles, type Principal } from "@keruta/shared/domain";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { ofSession } from "../auth/authenticate.ts";
import { dropSession, keepSession, sessionOf } from "../auth/cookie.ts";
import { csrfTokenOf, digestOf, newSecret } from "../auth/digest.ts";
import { login } from "../auth/login.ts";
import { unauthorized } from "../auth/refusals.ts";
import { answer, body, name, refusals } from "../schemas/common.ts";
import { json } from "./json.ts";

/** A working day: whoever works on goes on, a forgotten browser does not. */
const sessionMilliseconds = 12 * 60 * 60_000;

const who = z.object({
  name: z.string(),
  role: z.enum(roles),
  namespaces: z.array(z.string()).nullable(),
});

const session = z
  .object({
    principal: who,
    csrfToken: z.string().nullable().openapi({ description: "For X-CSRF-Token; null for a token's caller" }),
    expiresAt: z.string().nullable(),
  })
  .openapi("Session");

const logIn = createRoute({
  method: "post",
  path: "/sessions",
  summary: "Log in; the session is a cookie",
  security: [],
  request: { body: body(z.object({ name, password: z.string().min(1).max(1024) }).strict()) },
  responses: { 201: answer(session, "The session"), ...refusals },
});

const current = createRoute({
  method: "get",
  path: "/sessions/current",
  summary: "Who calls",
  responses: { 200: answer(session, "The caller"), ...refusals },
});

const logOut = createRoute({
  method: "delete",
  path: "/sessions/current",
  summary: "Log out",
  responses: { 204: { description: "The session has ended" }, ...refusals },
});

/** The one route that nobody needs to be known for. */
export function loginRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { accounts, clock, random } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(logIn, async (c) => {
    const given = c.req.valid("json");
    const by = { address: c.get("address"), requestId: c.get("requestId"), details: {} };
    const entry = { who: `user:${given.name}`, target: given.name, ...by };
    const secret = newSecret("krs", random);
    const expires = new Date(clock() + sessionMilliseconds);
    const added = { digest: digestOf(secret), user: given.name, expiresAt: expires.toISOString() };
    const user = await login(deps, given, (right) =>
      deps.audited(
        (stores) => stores.accounts.recordLogin(given.name, { ...right, session: added }),
        (recorded) => (recorded?.lockedUntil === null ? { ...entry, action: "login" } : null),
      ),
    ).catch(async (error: unknown) => {
      await accounts.recordAudit({ ...entry, action: "login.failed" });
      throw error;
    });
    keepSession(c, secret, expires, c.get("isSecure"));
    const principal = shown(ofSession({ user }));
    return json(c, { principal, csrfToken: csrfTokenOf(secret), expiresAt: expires.toISOString() }, 201);
  });
  return app;
}

export function sessionRoutes({ accounts }: ServerDeps): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(current, async (c) => {
    const principal = shown(c.get("principal"));
    const secret = principal.name.startsWith("user:") ? sessionOf(c) : undefined;
    const found = secret === undefined ? undefined : await accounts.findSession(digestOf(secret));
    const csrfToken = secret !== undefined && found ? csrfTokenOf(secret) : null;
    return json(c, { principal, csrfToken, expiresAt: found?.expiresAt ?? null }, 200);
  });

  app.openapi(logOut, async (c) => {
    const secret = sessionOf(c);
    if (secret === undefined) throw unauthorized();
    await accounts.endSession(digestOf(secret));
    dropSession(c);
    return c.body(null, 204);
  });
  return app;
}

function shown({ name: caller, role, namespaces }: Principal) {
  return { name: caller, role, namespaces };
}
