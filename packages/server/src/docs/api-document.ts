import { createApp } from "../app/create-app.ts";
import { whoMay, type WhoMay } from "../auth/who-may.ts";
import type { ServerDeps } from "../deps/env.ts";

/** As far as the reference reads a JSON Schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The OpenAPI document of an application that has nothing behind it, and whom each of its routes lets in. */
export function readApi(): {
  readonly document: ApiDocument;
  readonly whoMayCall: (method: string, path: string) => WhoMay | undefined;
} {
  const app = createApp(nothing as ServerDeps, {
    isBehindProxy: false,
    connectionOf: () => {
      throw new Error("the reference asks nothing of anybody");
    },
  });
  const info = { openapi: "3.1.0", info: { title: "keruta", version: "" } };
  return {
    document: app.getOpenAPI31Document(info) as unknown as ApiDocument,
    whoMayCall: (method, path) =>
      app.routes
        .filter((route) => route.method === method.toUpperCase() && route.path === honoPath(path))
        .map(({ handler }) => whoMay(handler))
        .find((who) => who !== undefined),
  };
}

function honoPath(path: string): string {
  return path.replaceAll(/\{([^}]+)\}/g, ":$1");
}

/** Routes take what they need apart when they are made, and use it when they are called: never. */
const nothing: unknown = new Proxy(() => undefined, { get: () => nothing });
