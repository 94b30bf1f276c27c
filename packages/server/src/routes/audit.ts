import type { AddedTask, NewAuditEntry, ServerStore } from "@keruta/shared/queue";
import type { Context } from "hono";
import type { AppEnv, ServerDeps } from "../deps/env.ts";

/** What was done to what. */
interface Deed {
  readonly action: string;
  readonly target: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Every change that a caller makes is written down with it, with who made it and from where. */
export async function audited<R>(
  deps: Pick<ServerDeps, "audited">,
  c: Context<AppEnv>,
  change: (stores: Pick<ServerStore, "queue" | "accounts">) => Promise<R>,
  deedOf: (result: R) => Deed | null,
): Promise<R> {
  return await deps.audited(change, (result) => {
    const deed = deedOf(result);
    return deed && entryOf(c, deed);
  });
}

/** For what changes nothing in the store. */
export async function audit(
  { accounts }: Pick<ServerDeps, "accounts">,
  c: Context<AppEnv>,
  deed: Deed,
): Promise<void> {
  await accounts.recordAudit(entryOf(c, deed));
}

/** A request that was answered before adds nothing. */
export function addedTask({ created, task }: AddedTask): Deed | null {
  return created ? { action: "task.add", target: task.id, details: { title: task.title } } : null;
}

function entryOf(c: Context<AppEnv>, { action, target, details = {} }: Deed): NewAuditEntry {
  const who = c.get("principal").name;
  return { who, action, target, details, address: c.get("address"), requestId: c.get("requestId") };
}
