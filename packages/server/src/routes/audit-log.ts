import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allowUnbound } from "../auth/allow.ts";
import { answer, count, refusals } from "../schemas/common.ts";
import { json } from "./json.ts";

const entry = z
  .object({
    seq: z.number().int(),
    time: z.string(),
    who: z.string(),
    action: z.string(),
    target: z.string(),
    details: z.record(z.string(), z.unknown()),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
  })
  .openapi("AuditEntry");

const readAudit = createRoute({
  method: "get",
  path: "/audit",
  summary: "Who changed what, newest first",
  middleware: allowUnbound("administer"),
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: count(Number.MAX_SAFE_INTEGER).optional().openapi({ description: "A seq" }),
    }),
  },
  responses: { 200: answer(z.object({ items: z.array(entry) }), "The entries"), ...refusals },
});

export function auditRoutes({ accounts }: ServerDeps): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.openapi(readAudit, async (c) => {
    const { limit, before } = c.req.valid("query");
    const items = await accounts.listAudit({ limit, ...(before !== undefined && { before }) });
    return json(c, { items }, 200);
  });
  return app;
}
