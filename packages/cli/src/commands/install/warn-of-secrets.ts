import { ownObjects } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import type { InstallPlan } from "./plan.ts";

/** Tasks of the server's own namespace can use every Secret of it but keruta's, which a name tells. */
export async function warnOfSecrets(
  context: Context,
  { namespace, own, server }: InstallPlan,
): Promise<void> {
  if (!server || own !== namespace) return;
  const { databaseSecret, archiveSecret, notifySecret } = server;
  const prefix = ownObjects.secretPrefix;
  for (const name of new Set([databaseSecret, archiveSecret, notifySecret])) {
    if (name === null || name.startsWith(prefix)) continue;
    await context.notify({
      en: `tasks in ${namespace} can use the Secret ${name}: name it ${prefix}…, which the server refuses to tasks, or let server and workers be in another namespace (keruta.kubernetes.processor-namespace)`,
      ja: `${namespace} のタスクは Secret ${name} を使えます。タスクによる使用をサーバーが拒否する ${prefix}… という名前にするか、サーバーとワーカーを別のネームスペースに置いてください（keruta.kubernetes.processor-namespace）`,
    });
  }
}
