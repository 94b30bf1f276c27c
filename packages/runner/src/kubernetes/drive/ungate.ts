import { isKerutaError, recordedGate, type StartFailure } from "@keruta/shared/domain";
import { isTransient } from "../../cluster/index.ts";
import type { Pod } from "../../cluster/objects.ts";
import type { ClusterRunnerDeps } from "./deps.ts";

export type Ungated =
  | { readonly kind: "ungated" }
  /** The Pod has just gone, which its watch will tell. */
  | { readonly kind: "ask-again" }
  | { readonly kind: "refused"; readonly failure: StartFailure };

export function isGated({ spec }: Pod): boolean {
  return spec?.schedulingGates?.some(({ name }) => name === recordedGate) === true;
}

/**
 * Lets the Pod be scheduled: only for one whose name is stored as the attempt's. Throws where the cluster does not
 * answer; it may then be called again.
 */
export async function ungate(
  { cluster, crashPoint }: Pick<ClusterRunnerDeps, "cluster" | "crashPoint">,
  { metadata: { name, uid } }: Pod,
): Promise<Ungated> {
  crashPoint("pod-recorded");
  try {
    const outcome = await cluster.removeGate(name, uid, recordedGate);
    return { kind: outcome === "removed" ? "ungated" : "ask-again" };
  } catch (error) {
    if (!isKerutaError(error) || isTransient(error)) throw error;
    const message = `The Pod's scheduling gate cannot be removed: ${error.message}`;
    return { kind: "refused", failure: { reason: "SubmitFailed", category: "start", message } };
  }
}
