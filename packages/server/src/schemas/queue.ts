import { z } from "@hono/zod-openapi";
import { eventTypes, taskStatuses } from "@keruta/shared/domain";

const counts = Object.fromEntries(taskStatuses.map((status) => [status, z.number().int()]));

export const queueAnswer = z
  .object({
    uid: z.string(),
    name: z.string(),
    version: z.string(),
    paused: z.boolean(),
    counts: z.object(counts),
    drivers: z.number().int(),
  })
  .openapi("Queue");

export const labelsAnswer = z.object({ items: z.array(z.object({ key: z.string(), value: z.string() })) });

const eventAnswer = z
  .object({
    apiVersion: z.literal("keruta/v1"),
    kind: z.literal("Event"),
    type: z.enum(eventTypes),
    time: z.string(),
    taskId: z.string(),
    attempt: z.number().int().nullable(),
    seq: z.number().int(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi("Event");

export const eventsAnswer = z.object({ items: z.array(eventAnswer), nextAfter: z.number().int() });
