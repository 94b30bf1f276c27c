import type { Cluster } from "@keruta/runner/cluster";
import type { LeftOut } from "@keruta/runner/install";
import { isKerutaError } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";

/** Takes away what an earlier install made; says how to where that is forbidden. Returns what went. */
export async function removeLeftOut(
  context: Context,
  cluster: Cluster,
  left: readonly LeftOut[],
): Promise<readonly LeftOut[]> {
  const removed: LeftOut[] = [];
  for (const each of left) {
    const { kind, namespace, name } = each;
    try {
      const how = await cluster.inNamespace(namespace).remove(kind, name);
      if (how === "deleted") removed.push(each);
    } catch (error) {
      if (!isKerutaError(error, "KRT_CLUSTER_FORBIDDEN")) throw error;
      const line = `kubectl -n ${namespace} delete ${kind.toLowerCase()} ${name} --ignore-not-found`;
      await context.complain({
        en: `what an earlier install may have made stays, since you may not delete it: \`${line}\` removes it`,
        ja: `以前の install で作成された可能性のあるものを削除する権限がありません。\`${line}\` で削除できます`,
      });
    }
  }
  return removed;
}
