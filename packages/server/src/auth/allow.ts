import { mayDo, type Permission } from "@keruta/shared/domain";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../deps/env.ts";
import { boundToNamespaces, forbidden } from "./refusals.ts";
import { tellsWhoMay } from "./who-may.ts";

/** Lets those through whose role has the permission. */
export function allow(permission: Permission) {
  return tellsWhoMay(
    { permission, bounds: "namespaces" },
    createMiddleware<AppEnv>(async (c, next) => {
      const principal = c.get("principal");
      if (!mayDo(principal.role, permission)) throw forbidden(principal, permission);
      await next();
    }),
  );
}

/** Besides the permission: nothing that concerns all namespaces is for those who are bound to some. */
export function allowUnbound(permission: Permission) {
  return tellsWhoMay(
    { permission, bounds: "unbound" },
    createMiddleware<AppEnv>(async (c, next) => {
      const principal = c.get("principal");
      if (!mayDo(principal.role, permission)) throw forbidden(principal, permission);
      if (principal.namespaces !== null) throw boundToNamespaces(principal);
      await next();
    }),
  );
}
