import type { ErrorCode } from "../domain/error.ts";

/** The HTTP status that stands for an error code; whatever is not named is the server's fault. */
const statuses: Partial<Record<ErrorCode, number>> = {
  KRT_USAGE: 400,
  KRT_TASK_INVALID: 422,
  KRT_TASK_TOO_LARGE: 413,
  KRT_TASK_NOT_FOUND: 404,
  KRT_TASK_ID_AMBIGUOUS: 409,
  KRT_ATTEMPT_NOT_FOUND: 404,
  KRT_ATTEMPT_SETTLED: 409,
  KRT_LOG_POSITION: 409,
  KRT_ARTIFACT_NOT_FOUND: 404,
  KRT_ARCHIVE_UNREACHABLE: 503,
  KRT_ARCHIVE_LOCATION: 422,
  KRT_ARTIFACT_REFUSED: 422,
  KRT_ARTIFACT_STREAM: 409,
  KRT_STATUS_CONFLICT: 409,
  KRT_LEASE_LOST: 409,
  KRT_CONCURRENCY_REFUSED: 409,
  KRT_REQUEST_ID_CONFLICT: 409,
  KRT_SETTING_UNKNOWN: 422,
  KRT_SETTING_AMBIGUOUS: 422,
  KRT_SETTING_INVALID: 422,
  KRT_SERVER_UNAUTHORIZED: 401,
  KRT_SERVER_FORBIDDEN: 403,
  KRT_SERVER_NOT_FOUND: 404,
  KRT_SERVER_BUSY: 429,
  KRT_POLICY_REFUSED: 403,
  KRT_NAME_TAKEN: 409,
  KRT_DB_BUSY: 503,
  KRT_DB_UNREACHABLE: 503,
  KRT_DB_FULL: 507,
  KRT_CLUSTER_UNREACHABLE: 502,
};

export function statusOfError(code: ErrorCode): number {
  return statuses[code] ?? 500;
}

/** How errors travel. `message` and `hint` are in the language that the request asks for. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
}
