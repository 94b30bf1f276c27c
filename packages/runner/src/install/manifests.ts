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
  /** Where the ServiceAccount is that drives them. */
  readonly accountNamespace: string;
  /** False: artifacts and the rest of cut logs cannot be fetched, and commands not be stopped in peace. */
  readonly exec: boolean;
}

/** The ServiceAccount that drives tasks, and its Roles. */
export const accountName = ownObjects.serviceAccount;
const execRoleName = "keruta-exec";

/** What a namespace needs for tasks to run in it, in the order in which it is applied. */
export function driverManifests({
  namespace,
  accountNamespace,
  exec,
}: InstallOptions): readonly AppliedManifest[] {
  const named = (name: string) => ({ name, namespace, labels: { [podLabels.managedBy]: managedBy } });
  const rules = [
    ...[...driverRights, ...claimRights, ...secretRights].map(ruleOf),
    ...namespaceRights.map((right) => ({ ...ruleOf(right), resourceNames: [namespace] })),
  ];
  const roles = [
    roleOf(named(accountName), rules),
    bindingOf(named(accountName), accountNamespace),
    ...(exec
      ? [
          roleOf(named(execRoleName), execRights.map(ruleOf)),
          bindingOf(named(execRoleName), accountNamespace),
        ]
      : []),
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

function bindingOf(metadata: AppliedManifest["metadata"], accountNamespace: string): AppliedManifest {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: rbac, kind: "Role", name: metadata.name },
    subjects: [{ kind: "ServiceAccount", name: accountName, namespace: accountNamespace }],
  };
}
