/** One list of roles for tokens and people. */
export const roles = ["admin", "operator", "viewer", "driver", "agent"] as const;
export type Role = (typeof roles)[number];

/**
 * What a caller of the API may do.
 *
 * - `read`: tasks, logs, events, artifacts, the queue's status, workers, settings without secrets, metrics
 * - `write`: add, update, cancel, retry and delete tasks
 * - `drive`: claim attempts and report on them, as a worker or `keruta submit --driver self` does
 * - `administer`: settings, tokens, users, the audit log, pausing the queue
 * - `report`: on the one attempt that the token was made for
 */
export const permissions = ["read", "write", "drive", "administer", "report"] as const;
export type Permission = (typeof permissions)[number];

const granted: Readonly<Record<Role, readonly Permission[]>> = {
  admin: ["read", "write", "drive", "administer"],
  operator: ["read", "write", "drive"],
  viewer: ["read"],
  driver: ["read", "drive"],
  agent: ["report"],
};

export function mayDo(role: Role, permission: Permission): boolean {
  return granted[role].includes(permission);
}

/** Who calls: a token or a person with a session. */
export interface Principal {
  /** For `createdBy` and the audit log: `token:ci`, `user:hanako`, `agent:k7m2xqaf4t/1`. */
  readonly name: string;
  readonly role: Role;
  /** null: all. */
  readonly namespaces: readonly string[] | null;
  /** Of an agent's token. */
  readonly attempt: { readonly taskId: string; readonly number: number } | null;
}

/** True where the principal's bounds allow a task of this namespace. */
export function seesNamespace({ namespaces }: Principal, namespace: string): boolean {
  return namespaces === null || namespaces.includes(namespace);
}
