import type { Context } from "hono";
import type { AppEnv, ServerDeps } from "../deps/env.ts";

/** Every change that a caller makes is written down, with who made it and from where. */
export async function audit(
  deps: ServerDeps,
  c: Context<AppEnv>,
  action: string,
  target: string,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await deps.accounts.recordAudit({
    who: c.get("principal").name,
    action,
    target,
    details,
    address: c.get("address"),
    requestId: c.get("requestId"),
  });
}
