import type { OpenAPIHono } from "@hono/zod-openapi";
import { KerutaError } from "@keruta/shared/domain";
import type { Context } from "hono";
import { notFound, respond } from "./answer-error.ts";
import type { AppEnv } from "../deps/env.ts";

interface Place {
  readonly pattern: RegExp;
  readonly methods: string[];
}

/** Answers where no route is: 404, or 405 where another method would do. */
export function noRoute(app: OpenAPIHono<AppEnv>): (c: Context<AppEnv>) => Response {
  let places: readonly Place[] | undefined;
  return (c) => {
    places ??= placesOf(app);
    const { method, path } = c.req;
    const allowed = places.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    if (allowed.length === 0) return respond(c, notFound(`${method} ${path}`), 404);
    c.header("allow", allowed.join(", "));
    const refusal = new KerutaError(
      "KRT_SERVER_NOT_FOUND",
      {
        en: `${path} takes ${allowed.join(", ")}, not ${method}.`,
        ja: `${path} で使えるのは ${allowed.join("・")} です（${method} は使えません）。`,
      },
      { details: { allowed, status: 405 } },
    );
    return respond(c, refusal, 405);
  };
}

function placesOf(app: OpenAPIHono<AppEnv>): readonly Place[] {
  const places = new Map<string, Place>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { path, method } = definition.route;
    const source = path.replaceAll(/[.+*?()[\]^$|\\]/g, String.raw`\$&`).replaceAll(/\{\w+\}/g, "[^/]+");
    const place = places.get(path) ?? { pattern: new RegExp(`^${source}$`), methods: [] };
    place.methods.push(method.toUpperCase());
    places.set(path, place);
  }
  return Array.from(places.values());
}
