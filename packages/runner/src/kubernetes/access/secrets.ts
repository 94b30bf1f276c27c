import type { Cluster } from "../../cluster/cluster.ts";
import type { Connection } from "./connection/connection.ts";
import { otherwise, unlessExists } from "./expected-refusal.ts";

type SecretCalls = Pick<Cluster, "putSecret" | "giveSecretTo" | "deleteSecret">;

/** Writes only: no answer is looked at, since an answer holds the Secret. */
export function secretCalls(connection: Connection, collection: string): SecretCalls {
  const pathOf = (name: string) => `${collection}/${encodeURIComponent(name)}`;
  const patch = async (operation: string, name: string, body: object, signal: AbortSignal | undefined) => {
    const contentType = "application/merge-patch+json";
    const request = { operation, method: "PATCH", path: pathOf(name), contentType, body, signal } as const;
    return otherwise(
      connection.send(request).then(() => "patched" as const),
      { 404: "gone" } as const,
    );
  };
  return {
    async putSecret(manifest, signal) {
      const request = { operation: "create secret", method: "POST", path: collection } as const;
      const sent = connection.send({ ...request, body: manifest, signal }).then(() => "created" as const);
      if ((await unlessExists(sent, "exists" as const)) === "created") return;
      const { metadata, stringData } = manifest;
      const { labels, annotations } = metadata;
      const gone = await patch(
        "patch secret",
        metadata.name,
        { metadata: { labels, annotations }, stringData },
        signal,
      );
      if (gone === "gone") await connection.send({ ...request, body: manifest, signal });
    },
    giveSecretTo: (name, { metadata }, signal) => {
      const owner = { apiVersion: "batch/v1", kind: "Job", name: metadata.name, uid: metadata.uid };
      return patch("patch secret", name, { metadata: { ownerReferences: [owner] } }, signal);
    },
    async deleteSecret(name, signal) {
      const request = { operation: "delete secret", method: "DELETE", path: pathOf(name), signal } as const;
      return otherwise(
        connection.send(request).then(() => "deleted" as const),
        { 404: "gone" } as const,
      );
    },
  };
}
