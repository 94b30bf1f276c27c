import { managedBy, ownObjects, podLabels } from "@keruta/shared/domain";
import type { AppliedManifest } from "../cluster/objects.ts";
import {
  claimRights,
  driverRights,
  execRights,
  namespaceRights,
  secretRights,
  resourceName,
  type Right,
} from "../cluster/rights.ts";

export interface InstallOptions {
  /** Where tasks run. */
  readonly namespace: string;
  /** Where the ServiceAccount is made that drives them. */
  readonly accountNamespace: string;
  /** Where a server's is that drives them too; null: the same, or there is none. */
  readonly serverNamespace: string | null;
  /** False: artifacts and the rest of cut logs cannot be fetched, and commands not be stopped in peace. */
  readonly exec: boolean;
  /** The right to write Secrets: agents report to a server, each by a token of its own. */
  readonly agentTokens: boolean;
}

/** The ServiceAccount that drives tasks, and its Roles. */
export const accountName = ownObjects.serviceAccount;
export const execRoleName = "keruta-exec";
export const agentTokensRoleName = "keruta-agent-tokens";

/** What a namespace needs for tasks to run in it, in the order in which it is applied. */
export function driverManifests(options: InstallOptions): readonly AppliedManifest[] {
  const { namespace, accountNamespace, serverNamespace, exec, agentTokens } = options;
  const accounts = [...new Set([accountNamespace, serverNamespace ?? accountNamespace])];
  const named = (name: string) => ({ name, namespace, labels: { [podLabels.managedBy]: managedBy } });
  const rules = [
    ...[...driverRights, ...claimRights].map(ruleOf),
    ...namespaceRights.map((right) => ({ ...ruleOf(right), resourceNames: [namespace] })),
  ];
  const bound = (name: string, granted: readonly object[]) => [
    roleOf(named(name), granted),
    bindingOf(named(name), accounts),
  ];
  const roles = [
    ...bound(accountName, rules),
    ...(exec ? bound(execRoleName, execRights.map(ruleOf)) : []),
    ...(agentTokens ? bound(agentTokensRoleName, secretRights.map(ruleOf)) : []),
  ];
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { ...named(accountName), namespace: accountNamespace },
      // Pods of tasks use it never, and others only where they say so.
      automountServiceAccountToken: false,
    },
    ...roles,
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: named("keruta-tasks"),
      spec: {
        podSelector: { matchExpressions: [{ key: podLabels.taskId, operator: "Exists" }] },
        policyTypes: ["Ingress"],
      },
    },
  ];
}

const rbac = "rbac.authorization.k8s.io";

function ruleOf(right: Right): object {
  return { apiGroups: [right.group], resources: [resourceName(right)], verbs: right.verbs };
}

function roleOf(metadata: AppliedManifest["metadata"], rules: readonly object[]): AppliedManifest {
  return { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules };
}

function bindingOf(
  metadata: AppliedManifest["metadata"],
  accountNamespaces: readonly string[],
): AppliedManifest {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: rbac, kind: "Role", name: metadata.name },
    subjects: accountNamespaces.map((each) => ({
      kind: "ServiceAccount",
      name: accountName,
      namespace: each,
    })),
  };
}
