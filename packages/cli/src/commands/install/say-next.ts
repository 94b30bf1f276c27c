import { accountName, adminTokenSecret, serviceName } from "@keruta/runner/install";
import type { Text } from "@keruta/shared/domain";
import type { InstallPlan } from "./plan.ts";

/** What to do after an install. */
export function nextSteps({ namespace, own, server }: InstallPlan): Text {
  if (!server) {
    return {
      en: `tasks can run in ${namespace}. \`keruta doctor -n ${namespace}\` checks it; \`kubectl -n ${namespace} create token ${accountName}\` gives a token for a kubeconfig with these rights alone`,
      ja: `${namespace} でタスクを実行できます。\`keruta doctor -n ${namespace}\` で確認でき、\`kubectl -n ${namespace} create token ${accountName}\` でこの権限だけを持つトークンを得られます`,
    };
  }
  const url = `http://${serviceName}.${own}:8080`;
  return {
    en: `the server is ${url} inside the cluster, once its Pods are ready; its first administrator's token is in the Secret ${own}/${adminTokenSecret}: \`kubectl -n ${own} get secret ${adminTokenSecret} -o jsonpath='{.data.token}' | base64 -d\``,
    ja: `Pod の準備ができると、サーバーはクラスター内で ${url} として使えます。最初の管理者のトークンは Secret ${own}/${adminTokenSecret} にあります: \`kubectl -n ${own} get secret ${adminTokenSecret} -o jsonpath='{.data.token}' | base64 -d\``,
  };
}
