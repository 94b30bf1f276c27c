import { z } from "@hono/zod-openapi";

/** ISO 8601, UTC. */
export const time = z.iso.datetime({ offset: true }).openapi({ example: "2026-01-31T09:30:00.000Z" });

/** Text of this size is nobody's name. */
export const name = z.string().min(1).max(253);

const errorSchema = z
  .object({
    error: z.object({
      code: z.string().openapi({ example: "KRT_TASK_NOT_FOUND" }),
      message: z.string(),
      hint: z.string().optional(),
      details: z.record(z.string(), z.unknown()),
    }),
  })
  .openapi("Error");

/** `.nullable()` of a schema with a name would make the name stand for both. */
export function orNull<S extends z.ZodType>(schema: S) {
  return z.union([schema, z.null()]);
}

export const taskParams = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .openapi({
      param: { name: "id", in: "path" },
      description: "An id, a prefix of 3 or more characters, or @last",
      example: "k7m2xqaf4t",
    }),
});

/** A whole number as a query gives it. */
export const count = (maximum: number) => z.coerce.number().int().min(0).max(maximum);

export const flag = z.enum(["true", "false"]).transform((text) => text === "true");

const errorResponse = (description: string) => ({
  description,
  content: { "application/json": { schema: errorSchema } },
});

/** What any route may answer besides what it is for. */
export const refusals = {
  400: errorResponse("The request is not valid"),
  401: errorResponse("No valid token or session"),
  403: errorResponse("The role, the namespaces or the policy do not allow it"),
  404: errorResponse("There is no such thing"),
  405: errorResponse("Not with this method; Allow tells with which"),
  409: errorResponse("The state does not allow it"),
  413: errorResponse("The body is too large"),
  422: errorResponse("The content is not valid; all complaints are in details"),
  429: errorResponse("Too many requests; Retry-After tells when"),
  503: errorResponse("The database is away for now"),
} as const;

export function answer<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } };
}

export function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } };
}
