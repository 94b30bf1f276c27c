import { isKerutaError } from "@keruta/shared/domain";

/** The HTTP status of the answer that an error tells of; undefined where no answer came. */
export function answeredStatus(error: unknown): number | undefined {
  const status = isKerutaError(error) ? error.details?.["status"] : undefined;
  return typeof status === "number" ? status : undefined;
}
