import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Event } from "@keruta/shared/domain";
import { eventStreamType } from "@keruta/shared/api";
import { eventPageSize, type EventFilter, type Queue } from "@keruta/shared/queue";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allow } from "../auth/allow.ts";
import { serverSentEvents } from "../events/stream.ts";
import { answer, count, refusals } from "../schemas/common.ts";
import { eventsAnswer } from "../schemas/queue.ts";
import { json } from "./json.ts";
import { scopeOf, visibleReference } from "./visible.ts";

const stream = { [eventStreamType]: { schema: z.string() } };

const readEvents = createRoute({
  method: "get",
  path: "/events",
  summary: "What happened, oldest first: a page, or with Accept: text/event-stream all that comes",
  description: "A stream goes on after Last-Event-ID.",
  middleware: allow("read"),
  request: {
    query: z.object({
      after: z.union([z.literal("latest"), count(Number.MAX_SAFE_INTEGER)]).optional(),
      taskId: z.string().max(64).optional(),
    }),
    headers: z.object({ "last-event-id": count(Number.MAX_SAFE_INTEGER).optional() }),
  },
  responses: {
    200: {
      description: "Events",
      content: { ...answer(eventsAnswer, "").content, ...stream },
    },
    ...refusals,
  },
});

const hints = createRoute({
  method: "get",
  path: "/events/hints",
  summary: "A stream of hints that something may have changed",
  middleware: allow("read"),
  responses: { 200: { description: "Events without content", content: stream }, ...refusals },
});

export function eventRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { queue } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(readEvents, async (c) => {
    const principal = c.get("principal");
    const { after = 0, taskId: reference } = c.req.valid("query");
    const known = c.req.valid("header")["last-event-id"] ?? after;
    const from = known === "latest" ? await queue.lastEventSeq() : known;
    const task = reference === undefined ? undefined : await visibleReference(principal, queue, reference);
    const filter = { ...(await scopeOf(principal, queue)), ...(task && { taskId: task.id }) };
    if (!c.req.header("accept")?.includes(eventStreamType)) {
      return json(c, await pageOf(queue, { ...filter, after: from }), 200);
    }
    return serverSentEvents(deps, c, async (sse, signal) => {
      let position = from;
      for await (const _ of deps.changes(signal)) {
        for (let isLast = false; !isLast;) {
          const { items, nextAfter } = await pageOf(queue, { ...filter, after: position });
          for (const event of items) await sse.writeSSE(messageOf(event));
          position = nextAfter;
          isLast = items.length < eventPageSize;
          if (signal.aborted) return;
        }
      }
    }) as never;
  });

  app.openapi(
    hints,
    (c) =>
      serverSentEvents(deps, c, async (sse, signal) => {
        for await (const _ of deps.changes(signal)) await sse.writeSSE({ event: "change", data: "" });
      }) as never,
  );
  return app;
}

/** Goes on behind all that was looked at: others' events, which may be many, are passed over once. */
async function pageOf(queue: Queue, filter: EventFilter) {
  // Before the page: events are seen in the order of their numbers, so that it has the reader's own of all up to here.
  const last = await queue.lastEventSeq();
  const items = await queue.readEvents(filter);
  const seen = items.at(-1)?.seq ?? filter.after;
  return { items, nextAfter: items.length < eventPageSize ? Math.max(seen, last) : seen };
}

function messageOf(event: Event) {
  return { id: String(event.seq), event: event.type, data: JSON.stringify(event) };
}
