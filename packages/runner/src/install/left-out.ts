import type { AppliedKind } from "../cluster/objects.ts";
import { agentTokensRoleName, execRoleName } from "./manifests.ts";
import { workerName } from "./server-manifests.ts";

export interface LeftOutOptions {
  /** Where tasks run. */
  readonly namespace: string;
  readonly exec: boolean;
  readonly agentTokens: boolean;
  /** null: no word about a server. */
  readonly server: { readonly namespace: string; readonly databaseSecret: string | null } | null;
}

export interface LeftOut {
  readonly kind: AppliedKind;
  readonly namespace: string;
  readonly name: string;
}

/** What an install with these options does not make, and one with others may have made. */
export function leftOut({ namespace, exec, agentTokens, server }: LeftOutOptions): readonly LeftOut[] {
  const role = (name: string): readonly LeftOut[] => [
    { kind: "RoleBinding", namespace, name },
    { kind: "Role", namespace, name },
  ];
  const worker = (of: string): readonly LeftOut[] => [
    { kind: "Deployment", namespace: of, name: workerName },
    { kind: "PodDisruptionBudget", namespace: of, name: workerName },
  ];
  return [
    ...(exec ? [] : role(execRoleName)),
    ...(agentTokens ? [] : role(agentTokensRoleName)),
    ...(server?.databaseSecret === null ? worker(server.namespace) : []),
  ];
}
