import { isKerutaError, isQuotaRefusal } from "@keruta/shared/domain";
import { isTransient } from "../../cluster/index.ts";

/**
 * Whose a failed submission is. `away`: the cluster did not answer. `passing`: what may be otherwise in a moment, as a
 * quota's use. `task`: as it is, the cluster never takes it. `driver`: anything else, which a driver with other rights,
 * or this one later, may get through.
 */
export type SubmissionTrouble = "away" | "passing" | "task" | "driver";

export function submissionTrouble(error: unknown): SubmissionTrouble {
  if (isTransient(error)) return "away";
  // An object of that name is being deleted, or was made and deleted just now.
  if (isKerutaError(error, "KRT_CLUSTER_CONFLICT")) return "passing";
  if (isKerutaError(error, "KRT_CLUSTER_FORBIDDEN")) {
    if (isQuotaRefusal(error.message)) return "passing";
    return lacksRight(error.message) ? "driver" : "task";
  }
  const isRefused =
    isKerutaError(error, "KRT_CLUSTER_REFUSED") || isKerutaError(error, "KRT_NAMESPACE_NOT_FOUND");
  return isRefused ? "task" : "driver";
}

/** Authorization and admission both answer 403; only the former's words begin with the user. */
function lacksRight(words: string): boolean {
  return /is forbidden: User ".*" cannot [a-z]+ resource "/.test(words);
}
