/** What a driver may do in a namespace: what `keruta install` grants and `keruta doctor` checks. */
export interface Right {
  /** API group; empty is the core group. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verbs: readonly string[];
}

/** Nothing else but what follows: no wildcard, no reading of Secrets; a Job goes by its TTL, and is never deleted. */
export const driverRights: readonly Right[] = [
  { group: "batch", resource: "jobs", verbs: ["create", "get", "list", "watch", "patch"] },
  { group: "", resource: "pods", verbs: ["get", "list", "watch", "patch", "delete"] },
  { group: "", resource: "pods", subresource: "log", verbs: ["get"] },
  { group: "", resource: "events", verbs: ["list", "watch"] },
];

/**
 * Runs programs in every Pod of the namespace, so it is a Role of its own. A WebSocket is a GET, and since Kubernetes
 * 1.35 an exec over one needs `create` too (KEP: AuthorizePodWebsocketUpgradeCreatePermission).
 */
export const execRights: readonly Right[] = [
  { group: "", resource: "pods", subresource: "exec", verbs: ["get", "create"] },
];

/** For volumes with a size. */
export const claimRights: readonly Right[] = [
  { group: "", resource: "persistentvolumeclaims", verbs: ["create", "get", "list", "delete"] },
];

/**
 * For the tokens with which agents report to a server: a Role of its own, since the answer to a `patch` holds the whole
 * Secret, whosever it is. `get`, `list`, `watch` and `deletecollection` are not needed.
 */
export const secretRights: readonly Right[] = [
  { group: "", resource: "secrets", verbs: ["create", "patch", "delete"] },
];

/** Tells clusters apart by the namespace's uid. Of its own namespace alone. */
export const namespaceRights: readonly Right[] = [{ group: "", resource: "namespaces", verbs: ["get"] }];

/** As a Role names it: `pods/exec`. */
export function resourceName({ resource, subresource }: Pick<Right, "resource" | "subresource">): string {
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}
