import { KerutaError } from "@keruta/shared/domain";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../deps/env.ts";

/** An upload of artifacts: a stream of no known length, bounded by its task's own limits while it is read. */
const upload = /^\/api\/tasks\/[^/]+\/attempts\/[^/]+\/artifacts$/;

/** A driver's list of what it collected: of 200,000 files, with names of usual length, a third of this. */
const list = /^\/api\/claims\/[^/]+\/artifacts$/;
const maxListBytes = 64 * 1024 * 1024;

/** Refuses what is too large before a byte of it is read. Node's parser sees to it that the length is true. */
export function limitBody(maxBytes: number) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.method === "PUT" && upload.test(c.req.path)) {
      await next();
      return;
    }
    if (c.req.header("transfer-encoding") !== undefined) throw lengthRequired();
    const length = Number(c.req.header("content-length") ?? 0);
    const most = c.req.method === "PUT" && list.test(c.req.path) ? maxListBytes : maxBytes;
    if (length > most) throw tooLarge(length, most);
    await next();
  });
}

function lengthRequired(): KerutaError {
  return new KerutaError(
    "KRT_USAGE",
    {
      en: "The body's length is not told.",
      ja: "本文の長さが指定されていません。",
    },
    {
      hint: {
        en: "Send it with Content-Length, not in chunks.",
        ja: "チャンクではなく Content-Length を付けて送ってください。",
      },
    },
  );
}

function tooLarge(bytes: number, maxBytes: number): KerutaError {
  return new KerutaError(
    "KRT_TASK_TOO_LARGE",
    {
      en: `The body has ${String(bytes)} bytes; ${String(maxBytes)} are the most.`,
      ja: `本文が ${String(bytes)} バイトあり、上限の ${String(maxBytes)} バイトを超えています。`,
    },
    {
      hint: {
        en: "Put what is large into an image, a volume or a repository.",
        ja: "大きなものは、イメージ・ボリューム・リポジトリに置いてください。",
      },
      details: { bytes, maxBytes },
    },
  );
}
