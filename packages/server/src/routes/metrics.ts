import { Hono } from "hono";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { allowUnbound } from "../auth/allow.ts";

/** For Prometheus, which sends a viewer's token. */
export function metricRoutes({ metrics, queue }: ServerDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get("/metrics", allowUnbound("read"), async (c) => {
    const { type, text } = await metrics.expose(queue);
    return c.text(text, 200, { "content-type": type });
  });
  return app;
}
