import { OpenAPIHono } from "@hono/zod-openapi";
import { agentReportRoutes } from "../routes/agent-reports.ts";
import { artifactUploadRoutes } from "../routes/artifact-upload.ts";
import { artifactRoutes } from "../routes/artifacts.ts";
import { auditRoutes } from "../routes/audit-log.ts";
import { claimRoutes } from "../routes/claims.ts";
import { doctorRoutes } from "../routes/doctor.ts";
import { eventRoutes } from "../routes/events.ts";
import { metricRoutes } from "../routes/metrics.ts";
import { notificationRoutes } from "../routes/notifications.ts";
import { queueRoutes } from "../routes/queue.ts";
import { loginRoutes, sessionRoutes } from "../routes/sessions.ts";
import { settingRoutes } from "../routes/settings.ts";
import { taskLogRoutes } from "../routes/task-log.ts";
import { renderRoutes } from "../routes/render.ts";
import { setupRoutes } from "../routes/setup.ts";
import { taskRoutes } from "../routes/tasks.ts";
import { tokenRoutes } from "../routes/tokens.ts";
import { userRoutes } from "../routes/users.ts";
import { servePanel } from "../panel/index.ts";
import { answerError } from "../requests/answer-error.ts";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { identify, usualRates, type Rates } from "../auth/identify.ts";
import { limitBody } from "../requests/limit-body.ts";
import { noRoute } from "../requests/no-route.ts";
import { surroundings, type SurroundingsOptions } from "../requests/surroundings.ts";

export interface AppOptions extends SurroundingsOptions {
  readonly rates?: Rates;
}

/** A task is at most 512 KiB of JSON, a piece of a log 4 MiB and a frame. */
const maxBodyBytes = 8 * 1024 * 1024;

/** The API as an application of any HTTP server. */
export function createApp(deps: ServerDeps, options: AppOptions): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  const { identified, stranger } = identify(deps, options.rates ?? usualRates);

  app.onError((error, c) => answerError(error, c, deps.log));
  app.notFound(noRoute(app));
  app.use(surroundings(deps, options));
  app.use("/api/*", limitBody(maxBodyBytes));

  app.get("/healthz", (c) => c.text("ok\n"));
  app.get("/readyz", async (c) => {
    if (deps.stopping.aborted) return c.text("stopping\n", 503);
    // Whether the database answers; what it says does not matter.
    await deps.queue.readSettings();
    return c.text("ok\n");
  });

  app.get("*", servePanel(deps.panel));

  app.route("/api", setupRoutes(deps));
  app.use("/api/sessions", async (c, next) => (c.req.method === "POST" ? stranger : identified)(c, next));
  app.route("/api", loginRoutes(deps));
  app.use("/api/*", async (c, next) =>
    c.req.path === "/api/openapi.json" || c.get("principal") ? next() : identified(c, next),
  );
  app.use("/metrics", identified);
  app.route("/", metricRoutes(deps));
  const routes = [
    // Before the routes whose `{id}` would be "render".
    renderRoutes,
    taskRoutes,
    taskLogRoutes,
    artifactRoutes,
    claimRoutes,
    agentReportRoutes,
    artifactUploadRoutes,
    queueRoutes,
    eventRoutes,
    settingRoutes,
    tokenRoutes,
    userRoutes,
    sessionRoutes,
    auditRoutes,
    doctorRoutes,
    notificationRoutes,
  ];
  for (const routesOf of routes) app.route("/api", routesOf(deps));

  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  app.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: { title: "keruta", version: deps.version, license: { name: "Apache-2.0" } },
    security: [{ token: [] }],
  });
  return app;
}
