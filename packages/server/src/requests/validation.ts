import { KerutaError } from "@keruta/shared/domain";
import type { Hook } from "@hono/zod-openapi";
import type { AppEnv } from "../deps/env.ts";

interface Complaint {
  readonly path: string;
  readonly message: string;
}

/** All complaints about a request at once. */
export const refuseInvalid: Hook<unknown, AppEnv, string, unknown> = (result) => {
  if (result.success) return;
  const complaints: Complaint[] = result.error.issues.map(({ path, message }) => ({
    path: [result.target, ...path].map(String).join("."),
    message,
  }));
  throw invalidRequest(complaints);
};

function invalidRequest(complaints: readonly Complaint[]): KerutaError {
  const list = complaints.map(({ path, message }) => `\n  ${path}: ${message}`).join("");
  return new KerutaError(
    "KRT_USAGE",
    { en: `The request is not valid.${list}`, ja: `リクエストが正しくありません。${list}` },
    {
      hint: {
        en: "GET /api/openapi.json describes what each request takes.",
        ja: "リクエストの書式は GET /api/openapi.json にあります。",
      },
      details: { complaints },
    },
  );
}
