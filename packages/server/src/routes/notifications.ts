import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { deliveryStates } from "@keruta/shared/queue";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { allowUnbound } from "../auth/allow.ts";
import { createRateLimiter } from "../auth/rate-limit.ts";
import { tooMany } from "../auth/refusals.ts";
import { shownDelivery } from "../notify/index.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { answer, body, count, refusals } from "../schemas/common.ts";
import { audit } from "./audit.ts";
import { json } from "./json.ts";

const delivery = z
  .object({
    seq: z.number().int(),
    id: z.string().openapi({ description: "Message-ID of an email, webhook-id of a webhook" }),
    channel: z.string().openapi({ example: "email" }),
    state: z.enum(deliveryStates),
    subject: z.string(),
    taskIds: z.array(z.string()),
    tries: z.number().int(),
    createdAt: z.string(),
    nextTryAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    detail: z
      .string()
      .nullable()
      .openapi({ description: "What the other side said, or why it was not reached" }),
    digestId: z.string().nullable().openapi({ description: "The message that it was summed up in" }),
  })
  .openapi("Notification");

const listNotifications = createRoute({
  method: "get",
  path: "/notifications",
  summary: "Messages that were sent, wait or failed, newest first",
  middleware: allowUnbound("read"),
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: count(Number.MAX_SAFE_INTEGER).optional().openapi({ description: "A seq" }),
      state: z.enum(deliveryStates).optional(),
    }),
  },
  responses: { 200: answer(z.object({ items: z.array(delivery) }), "The messages"), ...refusals },
});

const channelTest = z
  .object({ channel: z.string(), ok: z.boolean(), detail: z.string() })
  .openapi("NotificationTest");

const testNotifications = createRoute({
  method: "post",
  path: "/notifications/test",
  summary: "Send a test to channels, and tell what the other side said",
  middleware: allowUnbound("administer"),
  request: {
    body: body(
      z
        .object({
          channels: z
            .array(z.string().min(1).max(300))
            .min(1)
            .max(20)
            .optional()
            .openapi({ description: "Absent: those that the rules use" }),
        })
        .strict(),
    ),
  },
  responses: {
    200: answer(z.object({ items: z.array(channelTest) }), "What came of it, a channel each"),
    ...refusals,
  },
});

/** Each test is an email or a request to somebody else. */
const testRate = { perSecond: 0.1, burst: 5 };

export function notificationRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  const tests = createRateLimiter(testRate, deps.clock);

  app.openapi(listNotifications, async (c) => {
    const { limit, before, state } = c.req.valid("query");
    const filter = { limit, ...(before !== undefined && { before }), ...(state && { state }) };
    const items = await deps.notify.listDeliveries(filter);
    const language = c.get("language");
    return json(c, { items: items.map((one) => shownDelivery(one, language)) }, 200);
  });

  app.openapi(testNotifications, async (c) => {
    // All callers share it: whoever is tested does not care who asks.
    const wait = tests.take("");
    if (wait > 0) throw tooMany(wait);
    const { channels = null } = c.req.valid("json");
    const results = await deps.testChannels(channels);
    const outcomes = Object.fromEntries(results.map(({ channel, ok }) => [channel, ok]));
    const target = results.map(({ channel }) => channel).join(",");
    await audit(deps, c, { action: "notification.test", target, details: { outcomes } });
    const language = c.get("language");
    const items = results.map(({ channel, ok, detail }) => ({ channel, ok, detail: detail[language] }));
    return json(c, { items }, 200);
  });
  return app;
}
