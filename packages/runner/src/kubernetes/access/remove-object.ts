import { managedBy, podLabels } from "@keruta/shared/domain";
import type { Removed } from "../../cluster/cluster.ts";
import type { AppliedKind } from "../../cluster/objects.ts";
import { pathOf } from "./apply-object.ts";
import type { Connection } from "./connection/connection.ts";
import { deleteOptions } from "./delete-options.ts";
import { otherwise } from "./expected-refusal.ts";

/** Deletes an object that has keruta's label, and with it what it owns. */
export async function removeObject(
  connection: Connection,
  namespace: string,
  { kind, name }: { readonly kind: AppliedKind; readonly name: string },
  signal: AbortSignal | undefined,
): Promise<Removed> {
  const request = { operation: `remove ${kind}`, path: pathOf(namespace, kind, name), signal };
  const found = await otherwise(connection.send({ ...request, method: "GET" }), { 404: undefined });
  if (found === undefined) return "gone";
  const { metadata } = found as {
    readonly metadata: { readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
  };
  if (metadata.labels?.[podLabels.managedBy] !== managedBy) return "kept";
  const body = deleteOptions(metadata.uid, { propagationPolicy: "Background" });
  const deleted = connection.send({ ...request, method: "DELETE", body }).then(() => "deleted" as const);
  return await otherwise(deleted, { 404: "gone" as const });
}
