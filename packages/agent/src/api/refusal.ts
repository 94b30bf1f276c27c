import { isKerutaError, type ErrorCode } from "@keruta/shared/domain";

/**
 * What a refused report means. `over`: nothing that this agent tells is taken any more. `dropped`: this report is not,
 * and no later try will change that. `position`: the log goes on after that sequence. Anything else may pass.
 */
export type Refusal =
  | { readonly kind: "over" }
  | { readonly kind: "dropped" }
  | { readonly kind: "position"; readonly sequence: number }
  | { readonly kind: "away"; readonly retryAfter: number };

const over: readonly ErrorCode[] = [
  "KRT_SERVER_UNAUTHORIZED",
  "KRT_SERVER_FORBIDDEN",
  "KRT_SERVER_NOT_FOUND",
  "KRT_TASK_NOT_FOUND",
  "KRT_ATTEMPT_NOT_FOUND",
  "KRT_ATTEMPT_SETTLED",
];
const dropped: readonly ErrorCode[] = ["KRT_USAGE", "KRT_TASK_TOO_LARGE", "KRT_STATUS_CONFLICT"];

export function refusalOf(error: unknown): Refusal {
  if (!isKerutaError(error)) return { kind: "away", retryAfter: 0 };
  if (over.includes(error.code)) return { kind: "over" };
  if (dropped.includes(error.code)) return { kind: "dropped" };
  const { sequence, retryAfterSeconds } = error.details ?? {};
  if (error.code === "KRT_LOG_POSITION" && typeof sequence === "number")
    return { kind: "position", sequence };
  return { kind: "away", retryAfter: typeof retryAfterSeconds === "number" ? retryAfterSeconds * 1000 : 0 };
}
