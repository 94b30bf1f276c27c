import type { Text } from "./text.ts";

/**
 * Every error a user can meet. The code is public: the same in the CLI's JSON, in HTTP bodies and in docs.
 * `text` is one sentence with the fact and the value, `hint` the next step; `message` is the English text.
 */
export const errorCodes = [
  "KRT_USAGE",
  "KRT_TASK_INVALID",
  "KRT_TASK_TOO_LARGE",
  "KRT_FILE_UNREADABLE",
  "KRT_FILE_UNWRITABLE",
  "KRT_TASK_NOT_FOUND",
  "KRT_TASK_ID_AMBIGUOUS",
  "KRT_ATTEMPT_NOT_FOUND",
  "KRT_ATTEMPT_SETTLED",
  "KRT_LOG_POSITION",
  "KRT_ARTIFACT_NOT_FOUND",
  "KRT_ARCHIVE_UNREACHABLE",
  "KRT_ARCHIVE_DAMAGED",
  "KRT_ARCHIVE_LOCATION",
  "KRT_STATUS_CONFLICT",
  "KRT_LEASE_LOST",
  "KRT_CONCURRENCY_REFUSED",
  "KRT_REQUEST_ID_CONFLICT",
  "KRT_SETTING_UNKNOWN",
  "KRT_SETTING_AMBIGUOUS",
  "KRT_SETTING_INVALID",
  "KRT_PROPERTIES_INVALID",
  "KRT_DB_NOT_A_DATABASE",
  "KRT_DB_READ_ONLY",
  "KRT_DB_NEWER",
  "KRT_DB_FULL",
  "KRT_DB_BUSY",
  "KRT_DB_NETWORK_FILE_SYSTEM",
  "KRT_DB_CORRUPT",
  "KRT_DB_UNREACHABLE",
  "KRT_DB_NOT_FOUND",
  "KRT_DB_UNAUTHORIZED",
  "KRT_DB_FORBIDDEN",
  "KRT_DB_CERTIFICATE",
  "KRT_DB_UNSUPPORTED",
  "KRT_SERVER_UNREACHABLE",
  "KRT_SERVER_UNAUTHORIZED",
  "KRT_SERVER_FORBIDDEN",
  "KRT_SERVER_NOT_FOUND",
  "KRT_SERVER_BUSY",
  "KRT_SERVER_REFUSED",
  "KRT_POLICY_REFUSED",
  "KRT_NAME_TAKEN",
  "KRT_CLUSTER_NOT_FOUND",
  "KRT_CLUSTER_MISMATCH",
  "KRT_CLUSTER_UNREACHABLE",
  "KRT_CLUSTER_CUT",
  "KRT_CLUSTER_CERTIFICATE",
  "KRT_CLUSTER_UNAUTHORIZED",
  "KRT_CLUSTER_FORBIDDEN",
  "KRT_CLUSTER_CONFLICT",
  "KRT_CLUSTER_REFUSED",
  "KRT_NAMESPACE_NOT_FOUND",
  "KRT_KUBECONFIG_INVALID",
  "KRT_RUNNER_UNSUPPORTED",
  "KRT_SECRET_NOT_FOUND",
  "KRT_WORKSPACE",
  "KRT_ARTIFACT_REFUSED",
  "KRT_ARTIFACT_STREAM",
  "KRT_AGENT",
  "KRT_TIMEOUT",
  "KRT_INTERNAL",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorOptions {
  readonly hint?: Text;
  readonly cause?: unknown;
  /**
   * Facts for programs: printed with `-o json`, never needed to understand the sentence. `transient` is true where the
   * same call may succeed later with nothing changed by the caller.
   */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An error with a stable code that is the user's or the surroundings' fault; any other Error is our bug. */
export class KerutaError extends Error {
  override readonly name = "KerutaError";
  readonly code: ErrorCode;
  readonly text: Text;
  readonly hint: Text | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, text: Text, options: ErrorOptions = {}) {
    super(text.en, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.text = text;
    this.hint = options.hint;
    this.details = options.details;
  }
}

export function isKerutaError(error: unknown, code?: ErrorCode): error is KerutaError {
  return error instanceof KerutaError && (code === undefined || error.code === code);
}

/** Whether the same call may succeed later. Of a queue, `details.stored` tells whether it may have succeeded already. */
export function mayRetry(error: unknown): boolean {
  return isKerutaError(error) && error.details?.["transient"] === true;
}
