import { isKerutaError, KerutaError } from "@keruta/shared/domain";
import { answeredStatus } from "../../cluster/answered-status.ts";

/** A value instead of an error, for the HTTP statuses that are expected. A missing namespace stays an error. */
export async function otherwise<T, U>(sent: Promise<T>, values: Readonly<Record<number, U>>): Promise<T | U> {
  try {
    return await sent;
  } catch (error) {
    const status = answeredStatus(error);
    if (status === undefined || !(status in values) || isKerutaError(error, "KRT_NAMESPACE_NOT_FOUND"))
      throw error;
    return values[status] as U;
  }
}

/**
 * `value` instead of an error where an object of that name is there. A 409 may also tell of a ResourceQuota that many
 * creations change at once (kubernetes/kubernetes#67761): that one may succeed later.
 */
export async function unlessExists<T, U>(sent: Promise<T>, value: U): Promise<T | U> {
  try {
    return await sent;
  } catch (error) {
    if (!isKerutaError(error, "KRT_CLUSTER_CONFLICT")) throw error;
    if (error.details?.["reason"] === "AlreadyExists") return value;
    const { text, details = {} } = error;
    throw new KerutaError("KRT_CLUSTER_UNREACHABLE", text, { cause: error, details });
  }
}

/** The answer to a patch that names the object's uid, or why there is none. */
export async function patched<T>(sent: Promise<T>): Promise<T | "gone" | "replaced"> {
  try {
    return await sent;
  } catch (error) {
    if (answeredStatus(error) === 404) return "gone";
    if (isReplaced(error)) return "replaced";
    throw error;
  }
}

/** A patch that names another uid than the object has. Jobs and Pods say 422 with a cause, other objects 409. */
function isReplaced(error: unknown): boolean {
  if (!isKerutaError(error)) return false;
  const { status, causes } = error.details ?? {};
  if (status === 409) return true;
  const fields = Array.isArray(causes) ? (causes as { readonly field?: string }[]) : [];
  return status === 422 && fields.some(({ field }) => field === "metadata.uid");
}
