import { isIP } from "node:net";
import type { Text } from "@keruta/shared/domain";
import { failed, ok, warning, type Check } from "./check.ts";
import type { LookUp } from "./look-up.ts";

/** The name of the cluster's API server. Where that answers, a proxy may know a name that this machine does not. */
export async function serverNameCheck(url: string, answers: boolean, lookUp: LookUp): Promise<Check> {
  const name = "dns:server";
  const host = hostOf(url);
  if (isIP(host) !== 0) {
    return ok(name, {
      en: `${host} is an address; there is no name to resolve`,
      ja: `${host} はアドレスなので、名前解決は不要です`,
    });
  }
  const why = await lookUp(host);
  if (why === null) return ok(name, resolves(host));
  const message = resolvesNot(host, why);
  if (answers) {
    return ok(name, {
      en: `${message.en}, and the server answers all the same, through a proxy`,
      ja: `${message.ja}（サーバーはプロキシー経由で応答しています）`,
    });
  }
  return failed(name, message, {
    en: "Check the kubeconfig's `server`, /etc/resolv.conf and /etc/hosts; names of a private network may need its VPN.",
    ja: "kubeconfig の `server`、/etc/resolv.conf、/etc/hosts を確認してください。社内ネットワークの名前には VPN が必要なことがあります。",
  });
}

/** The name of keruta's own server as Pods call it, unless it is an address or a name that only Pods resolve. */
export async function agentNameChecks(
  url: string,
  namespaces: readonly string[],
  lookUp: LookUp,
): Promise<readonly Check[]> {
  if (!isName(url) || isOfCluster(hostOf(url), namespaces)) return [];
  const name = "dns:agent.api-url";
  const host = hostOf(url);
  const why = await lookUp(host);
  if (why === null) return [ok(name, resolves(host))];
  // Pods may ask other name servers than this machine does.
  return [
    warning(name, resolvesNot(host, why), {
      en: "It is Pods that have to resolve it, which `keruta doctor --run` tries; check `keruta settings get agent.api-url`.",
      ja: "名前解決が必要なのは Pod です。`keruta doctor --run` で試せます。`keruta settings get agent.api-url` も確認してください。",
    }),
  ];
}

/** False where a URL is empty or has an address. */
export function isName(url: string): boolean {
  return url !== "" && isIP(hostOf(url)) === 0;
}

/** IPv6 without its brackets. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replaceAll(/[[\]]/g, "");
}

/** A Service: `name`, `name.namespace` of a namespace that is known, or `name.namespace.svc` and longer. */
function isOfCluster(host: string, namespaces: readonly string[]): boolean {
  const [, namespace, ...rest] = host.split(".");
  if (namespace === undefined) return true;
  return rest.length === 0 ? namespaces.includes(namespace) : rest[0] === "svc";
}

function resolves(host: string): Text {
  return { en: `${host} resolves from here`, ja: `${host} をここから名前解決できます` };
}

function resolvesNot(host: string, why: string): Text {
  return {
    en: `${host} does not resolve from here (${why})`,
    ja: `${host} をここから名前解決できません（${why}）`,
  };
}
