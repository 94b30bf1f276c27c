import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { allowUnbound } from "../auth/allow.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { answer, refusals } from "../schemas/common.ts";
import { json } from "./json.ts";

const check = z
  .object({
    name: z.string(),
    status: z.enum(["ok", "warning", "failed"]),
    message: z.string(),
    remedy: z.string().nullable(),
  })
  .openapi("Check");

const readDoctor = createRoute({
  method: "get",
  path: "/doctor",
  summary: "Check the server's database, its cluster and its rights there",
  middleware: allowUnbound("administer"),
  responses: {
    200: answer(z.object({ ok: z.boolean(), items: z.array(check) }), "What was checked"),
    ...refusals,
  },
});

export function doctorRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.openapi(readDoctor, async (c) => {
    const language = c.get("language");
    const items = (await deps.doctor()).map(({ name, status, message, remedy }) => ({
      name,
      status,
      message: message[language],
      remedy: remedy && remedy[language],
    }));
    return json(c, { ok: items.every(({ status }) => status !== "failed"), items }, 200);
  });
  return app;
}
