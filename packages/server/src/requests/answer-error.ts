import { isKerutaError, KerutaError, type Text } from "@keruta/shared/domain";
import { statusOfError, type ErrorBody } from "@keruta/shared/api";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AppEnv, ServerLog } from "../deps/env.ts";

/** Every error leaves in one form; what is not meant for callers goes to the log under the request's id. */
export function answerError(error: unknown, c: Context<AppEnv>, log: ServerLog): Response {
  const known = knownError(error);
  if (known) return respond(c, known, statusOfError(known.code));
  if (error instanceof HTTPException && error.status < 500) {
    return respond(c, refused(error.message), error.status);
  }
  const requestId = c.get("requestId");
  log.error({ requestId, error: error instanceof Error ? error.stack : String(error) }, "internal error");
  return respond(c, internal(requestId), 500);
}

function knownError(error: unknown): KerutaError | undefined {
  if (isKerutaError(error)) return error;
  // JSON.parse of a body that is none; hono wraps it.
  if (error instanceof SyntaxError) return refused(error.message);
  return undefined;
}

/** One that is meant for the caller, with a status that its code alone does not tell. */
export function respond(c: Context<AppEnv>, error: KerutaError, status: number): Response {
  const language = c.get("language") ?? "en";
  const { code, text, hint, details = {} } = error;
  const body: ErrorBody = {
    error: { code, message: text[language], ...(hint && { hint: hint[language] }), details },
  };
  const retryAfter = details["retryAfterSeconds"];
  if (typeof retryAfter === "number") c.header("retry-after", String(retryAfter));
  if (status === 401) c.header("www-authenticate", 'Bearer realm="keruta"');
  return c.json(body, status as ContentfulStatusCode);
}

function refused(why: string): KerutaError {
  const text: Text = {
    en: `The request cannot be read: ${why}`,
    ja: `リクエストを解釈できません: ${why}`,
  };
  return new KerutaError("KRT_USAGE", text);
}

function internal(requestId: string): KerutaError {
  return new KerutaError(
    "KRT_INTERNAL",
    {
      en: `The server failed at this request, which is a bug of keruta (request ${requestId}).`,
      ja: `サーバー内部でエラーが発生しました。keruta の不具合です（リクエスト ${requestId}）。`,
    },
    {
      hint: {
        en: "The server's log has the cause under the request's id.",
        ja: "原因はサーバーのログに、このリクエスト ID とともに記録されています。",
      },
      details: { requestId },
    },
  );
}

export function notFound(what: string): KerutaError {
  return new KerutaError(
    "KRT_SERVER_NOT_FOUND",
    { en: `There is no ${what} here.`, ja: `${what} はありません。` },
    {
      hint: {
        en: "GET /api/openapi.json lists what there is.",
        ja: "API の一覧は GET /api/openapi.json にあります。",
      },
    },
  );
}
