import { KerutaError } from "@keruta/shared/domain";
import { createMiddleware } from "hono/factory";
import type { Context } from "hono";
import type { AppEnv } from "../deps/env.ts";
import type { PanelFile, PanelFiles } from "../deps/panel-files.ts";

/** Nothing but the panel's own files runs, is shown or is called, and nobody frames it. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const year = "public, max-age=31536000, immutable";
/** Of the API and of what programs ask: an unknown path there is no page. */
const notPages = /^\/(api|metrics|healthz|readyz)(\/|$)/;

/** The panel's files, and its page for every other path: which screen that is, it finds out itself. */
export function servePanel(files: PanelFiles) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { path, method } = c.req;
    if ((method !== "GET" && method !== "HEAD") || notPages.test(path)) return await next();
    const file = await files.file(path.slice(1));
    if (file && path !== "/index.html") return send(c, file, year);
    if (path.startsWith("/assets/")) return await next();
    const page = await files.file("index.html");
    if (!page) throw notBuilt();
    return send(c, page, "no-cache");
  });
}

function send(c: Context<AppEnv>, { bytes, gzipped, type }: PanelFile, cacheControl: string): Response {
  const isGzipped = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  c.header("content-type", type);
  c.header("cache-control", cacheControl);
  c.header("vary", "accept-encoding");
  c.header("content-security-policy", contentSecurityPolicy);
  c.header("cross-origin-opener-policy", "same-origin");
  c.header("cross-origin-resource-policy", "same-origin");
  if (isGzipped) c.header("content-encoding", "gzip");
  return c.body(isGzipped ? gzipped : bytes);
}

function notBuilt(): KerutaError {
  return new KerutaError(
    "KRT_SERVER_NOT_FOUND",
    { en: "The panel is not built here.", ja: "管理パネルがビルドされていません。" },
    {
      hint: {
        en: "Build it with `npm run build`; the API is at /api.",
        ja: "`npm run build` でビルドしてください。API は /api にあります。",
      },
    },
  );
}
