import "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The server that test/postgres/start-server.ts started, null where there is none. */
    readonly postgres: { readonly url: string; readonly certificate: string | null } | null;
  }
}
