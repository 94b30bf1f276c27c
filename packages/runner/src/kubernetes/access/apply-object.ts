import type { Applied } from "../../cluster/cluster.ts";
import type { AppliedKind, AppliedManifest } from "../../cluster/objects.ts";
import type { Connection } from "./connection/connection.ts";
import { otherwise } from "./expected-refusal.ts";

/** Where the API has each kind, below the namespace. */
const collections = {
  Secret: ["/api/v1", "secrets"],
  Service: ["/api/v1", "services"],
  PersistentVolumeClaim: ["/api/v1", "persistentvolumeclaims"],
  Deployment: ["/apis/apps/v1", "deployments"],
  PodDisruptionBudget: ["/apis/policy/v1", "poddisruptionbudgets"],
  ServiceAccount: ["/api/v1", "serviceaccounts"],
  Role: ["/apis/rbac.authorization.k8s.io/v1", "roles"],
  RoleBinding: ["/apis/rbac.authorization.k8s.io/v1", "rolebindings"],
  NetworkPolicy: ["/apis/networking.k8s.io/v1", "networkpolicies"],
} as const satisfies Record<AppliedKind, readonly [string, string]>;

export function pathOf(namespace: string, kind: AppliedKind, name: string): string {
  const [group, plural] = collections[kind];
  return `${group}/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}`;
}

/** Server-side apply under keruta's name: what others added to the object stays, what keruta says is as it says. */
export async function applyObject(
  connection: Connection,
  namespace: string,
  manifest: AppliedManifest,
  signal: AbortSignal | undefined,
): Promise<Applied> {
  const { kind, metadata } = manifest;
  const path = pathOf(namespace, kind, metadata.name);
  const operation = `apply ${kind}`;
  // Who may write a Secret may not read it, so nobody can tell what it was before.
  const before =
    kind === "Secret"
      ? ""
      : await otherwise(versionOf(connection.send({ operation, method: "GET", path, signal })), {
          404: undefined,
        });
  const after = await versionOf(
    connection.send({
      operation,
      method: "PATCH",
      path,
      query: { fieldManager: "keruta", force: true, fieldValidation: "Strict" },
      contentType: "application/apply-patch+yaml",
      body: manifest,
      signal,
    }),
  );
  if (before === undefined) return "created";
  return before === after ? "unchanged" : "configured";
}

async function versionOf(sent: Promise<unknown>): Promise<string> {
  const { metadata } = (await sent) as { readonly metadata: { readonly resourceVersion: string } };
  return metadata.resourceVersion;
}
