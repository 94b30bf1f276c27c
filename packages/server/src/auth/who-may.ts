import type { Permission } from "@keruta/shared/domain";

/** Whom a middleware lets through, for the reference of the API. */
export interface WhoMay {
  readonly permission: Permission;
  /**
   * `namespaces`: a token that is bound to namespaces sees what is in them; `unbound`: it is refused; `attempt`: the
   * token is of one attempt, and of no other; `trade`: it is of none, and is traded for one that is.
   */
  readonly bounds: "namespaces" | "unbound" | "attempt" | "trade";
}

const told = new WeakMap<object, WhoMay>();

export function tellsWhoMay<Middleware extends object>(who: WhoMay, middleware: Middleware): Middleware {
  told.set(middleware, who);
  return middleware;
}

export function whoMay(middleware: object): WhoMay | undefined {
  return told.get(middleware);
}
