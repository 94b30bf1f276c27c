import { codeOf, isKerutaError, KerutaError } from "@keruta/shared/domain";
import type { Credentials } from "./identity.ts";

/**
 * What has given an identity before may give one again: its failure is an outage's, KRT_CLUSTER_UNREACHABLE, unless a
 * program or file is missing.
 */
export function outlastFailures(credentials: Credentials): Credentials {
  let hasWorked = false;
  return {
    async identity() {
      try {
        const identity = await credentials.identity();
        hasWorked = true;
        return identity;
      } catch (error) {
        const mayWork = hasWorked && isKerutaError(error, "KRT_KUBECONFIG_INVALID") && !isMissing(error);
        if (!mayWork) throw error;
        const { text, hint } = error;
        throw new KerutaError("KRT_CLUSTER_UNREACHABLE", text, { cause: error, ...(hint && { hint }) });
      }
    },
    renew: () => credentials.renew(),
  };
}

function isMissing({ cause }: KerutaError): boolean {
  return codeOf(cause) === "ENOENT";
}
