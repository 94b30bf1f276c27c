import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { KerutaError, roles } from "@keruta/shared/domain";
import type { Token } from "@keruta/shared/queue";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { notFound } from "../requests/answer-error.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allowUnbound } from "../auth/allow.ts";
import { digestOf, newSecret } from "../auth/digest.ts";
import { answer, body, name, refusals, time } from "../schemas/common.ts";
import { audited } from "./audit.ts";
import { json } from "./json.ts";

const token = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    namespaces: z.array(z.string()).nullable(),
    expiresAt: z.string().nullable(),
    createdAt: z.string(),
    createdBy: z.string(),
    lastUsedAt: z.string().nullable(),
  })
  .openapi("Token");

const administer = allowUnbound("administer");

const listTokens = createRoute({
  method: "get",
  path: "/tokens",
  summary: "List tokens; never what they are",
  middleware: administer,
  responses: { 200: answer(z.object({ items: z.array(token) }), "The tokens"), ...refusals },
});

const createToken = createRoute({
  method: "post",
  path: "/tokens",
  summary: "Make a token; it is told this once",
  middleware: administer,
  request: {
    body: body(
      z
        .object({
          name,
          // Without an attempt an agent's may only be traded for that of one.
          role: z.enum(roles),
          namespaces: z.array(name).min(1).max(1000).nullable().default(null),
          expiresAt: time.nullable().default(null),
        })
        .strict(),
    ),
  },
  responses: { 201: answer(token.extend({ token: z.string() }), "The token"), ...refusals },
});

const revokeToken = createRoute({
  method: "delete",
  path: "/tokens/{id}",
  summary: "Revoke a token",
  middleware: administer,
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 204: { description: "It is worth nothing any more" }, ...refusals },
});

export function tokenRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { accounts } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(listTokens, async (c) => json(c, { items: (await accounts.listTokens()).map(tokenJson) }, 200));

  app.openapi(createToken, async (c) => {
    const { expiresAt, ...fields } = c.req.valid("json");
    if (expiresAt !== null && Date.parse(expiresAt) <= deps.clock()) throw inThePast(expiresAt);
    const secret = newSecret("krt", deps.random);
    const added = {
      ...fields,
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      digest: digestOf(secret),
      attempt: null,
      createdBy: c.get("principal").name,
    };
    const details = { name: fields.name, role: fields.role, namespaces: fields.namespaces };
    const made = await audited(
      deps,
      c,
      (stores) => stores.accounts.addToken(added),
      ({ id }) => ({ action: "token.create", target: id, details }),
    );
    return json(c, { ...tokenJson(made), token: secret }, 201);
  });

  app.openapi(revokeToken, async (c) => {
    const { id } = c.req.valid("param");
    const wasThere = await audited(
      deps,
      c,
      (stores) => stores.accounts.revokeToken(id),
      (revoked) => (revoked ? { action: "token.revoke", target: id } : null),
    );
    if (!wasThere) throw notFound(`token ${id}`);
    return c.body(null, 204);
  });
  return app;
}

function tokenJson(token: Token): Omit<Token, "attempt"> {
  const { attempt: _, ...shown } = token;
  return shown;
}

function inThePast(time: string): KerutaError {
  return new KerutaError("KRT_USAGE", {
    en: `expiresAt ${time} is in the past.`,
    ja: `expiresAt ${time} は過去の時刻です。`,
  });
}
