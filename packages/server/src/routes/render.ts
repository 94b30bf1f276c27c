import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { unqueuedTask } from "@keruta/shared/domain";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allow } from "../auth/allow.ts";
import { answer, body, refusals } from "../schemas/common.ts";
import { newTaskBody } from "../schemas/task.ts";
import { admit } from "./admit.ts";
import { json } from "./json.ts";
import { readNewTask } from "./new-task.ts";
import { queueSettings } from "./visible.ts";

const render = createRoute({
  method: "post",
  path: "/tasks/render",
  summary: "Check a task and show the Job that it would make; nothing is queued",
  description: "The Job is null for a task that runs as a process.",
  middleware: allow("write"),
  request: { body: body(newTaskBody) },
  responses: {
    200: answer(
      z.object({ job: z.record(z.string(), z.unknown()).nullable() }),
      "The Job of its first attempt",
    ),
    ...refusals,
  },
});

export function renderRoutes({ queue, clock, version }: ServerDeps): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(render, async (c) => {
    const principal = c.get("principal");
    const draft = await admit(principal, queue, readNewTask(c.req.valid("json")).task);
    const settings = await queueSettings(queue);
    const usual = settings.get("keruta.kubernetes.enabled") ? "kubernetes" : "local";
    if ((draft.spec.runner ?? usual) === "local") return json(c, { job: null }, 200);
    // What only a worker needs otherwise.
    const { planJob, planSettings } = await import("@keruta/runner/plan");
    const job = planJob({
      task: unqueuedTask(draft, principal.name, new Date(clock()).toISOString()),
      attempt: 1,
      queueUid: queue.uid,
      // Made when the attempt is claimed; of the same length.
      fence: "0".repeat(32),
      settings: planSettings(settings, version),
    });
    return json(c, { job }, 200);
  });
  return app;
}
