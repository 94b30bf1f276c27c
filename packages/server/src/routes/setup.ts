import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { answer, refusals } from "../schemas/common.ts";
import { json } from "./json.ts";

const readSetup = createRoute({
  method: "get",
  path: "/setup",
  summary: "Whether the first person is still to be added",
  security: [],
  responses: { 200: answer(z.object({ needed: z.boolean() }), "Whether there is nobody yet"), ...refusals },
});

/** Open: a panel that nobody can log in to has to say so. It tells no name. */
export function setupRoutes({ accounts }: ServerDeps): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.openapi(readSetup, async (c) => json(c, { needed: (await accounts.listUsers()).length === 0 }, 200));
  return app;
}
