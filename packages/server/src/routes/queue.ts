import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allow, allowUnbound } from "../auth/allow.ts";
import { holder } from "../schemas/claim.ts";
import { answer, body, refusals } from "../schemas/common.ts";
import { labelsAnswer, queueAnswer } from "../schemas/queue.ts";
import { audited } from "./audit.ts";
import { json } from "./json.ts";
import { scopeOf } from "./visible.ts";

const readQueue = createRoute({
  method: "get",
  path: "/queue",
  summary: "The queue's state",
  middleware: allow("read"),
  responses: { 200: answer(queueAnswer, "Its counts, and who drives"), ...refusals },
});

const changeQueue = createRoute({
  method: "patch",
  path: "/queue",
  summary: "Pause or resume the queue",
  middleware: allowUnbound("administer"),
  request: { body: body(z.object({ paused: z.boolean() }).strict()) },
  responses: { 204: { description: "It is so" }, ...refusals },
});

const readLabels = createRoute({
  method: "get",
  path: "/queue/labels",
  summary: "Labels in use",
  middleware: allow("read"),
  responses: { 200: answer(labelsAnswer, "Keys and values"), ...refusals },
});

const worker = z
  .object({ name: z.string(), aliveUntil: z.string(), attempts: z.number().int() })
  .openapi("Worker");

const listWorkers = createRoute({
  method: "get",
  path: "/workers",
  summary: "Workers that are alive, and how much each has to do",
  middleware: allowUnbound("read"),
  responses: { 200: answer(z.object({ items: z.array(worker) }), "The workers"), ...refusals },
});

const holderBody = body(z.object({ holder }).strict());

const announce = createRoute({
  method: "put",
  path: "/workers",
  summary: "Tell that a worker is alive, for 60 s",
  middleware: allowUnbound("drive"),
  request: { body: holderBody },
  responses: { 204: { description: "It is known" }, ...refusals },
});

const withdraw = createRoute({
  method: "delete",
  path: "/workers",
  summary: "Tell that a worker has ended",
  middleware: allowUnbound("drive"),
  request: { body: holderBody },
  responses: { 204: { description: "It is known" }, ...refusals },
});

export function queueRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { queue, version } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(readQueue, async (c) => {
    const { namespaces } = await scopeOf(c.get("principal"), queue);
    const { uid, name } = queue;
    return json(c, { uid, name, version, ...(await queue.queueStatus(namespaces)) }, 200);
  });

  app.openapi(changeQueue, async (c) => {
    const { paused } = c.req.valid("json");
    await audited(
      deps,
      c,
      (stores) => stores.queue.setPaused(paused),
      () => ({ action: paused ? "queue.pause" : "queue.resume", target: queue.uid }),
    );
    return c.body(null, 204);
  });

  app.openapi(readLabels, async (c) => {
    const { namespaces } = await scopeOf(c.get("principal"), queue);
    return json(c, { items: await queue.listLabels(namespaces) }, 200);
  });

  app.openapi(listWorkers, async (c) => json(c, { items: await queue.listDrivers() }, 200));

  app.openapi(announce, async (c) => {
    await queue.announceDriver(c.req.valid("json").holder);
    return c.body(null, 204);
  });

  app.openapi(withdraw, async (c) => {
    await queue.withdrawDriver(c.req.valid("json").holder);
    return c.body(null, 204);
  });
  return app;
}
