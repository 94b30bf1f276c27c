import { isKerutaError } from "@keruta/shared/domain";

/** Whether the same request may succeed later: the cluster was out of reach, or the connection was cut. */
export function isTransient(error: unknown): boolean {
  return isKerutaError(error, "KRT_CLUSTER_UNREACHABLE") || isKerutaError(error, "KRT_CLUSTER_CUT");
}
