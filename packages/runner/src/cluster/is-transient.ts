import { isKerutaError } from "@keruta/shared/domain";

/** Whether the same request may succeed later: the cluster was out of reach, or the connection was cut. */
export function isTransient(error: unknown): boolean {
  return isKerutaError(error, "KRT_CLUSTER_UNREACHABLE") || isKerutaError(error, "KRT_CLUSTER_CUT");
}

/** Whether there was no container of the name to exec into: one that is killed may be started again. */
export function isContainerAway(error: unknown): boolean {
  return isKerutaError(error, "KRT_CLUSTER_REFUSED") && error.message.includes("container not found");
}
