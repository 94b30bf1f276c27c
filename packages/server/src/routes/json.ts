import type { Context, TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/**
 * The queue's own types, readonly and exact, are what the schemas describe; zod's inferred ones are neither, so that
 * the compiler would refuse every answer. That they agree is asserted by the contract test, which validates each
 * answer of the suite by its schema.
 */
export function json<Status extends ContentfulStatusCode>(
  c: Context,
  value: unknown,
  status: Status,
): TypedResponse<never, Status, "json"> {
  return c.json(value as never, status) as unknown as TypedResponse<never, Status, "json">;
}
