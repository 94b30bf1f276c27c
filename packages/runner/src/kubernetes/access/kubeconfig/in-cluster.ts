import { readFile } from "node:fs/promises";
import type { Kubeconfig } from "./kubeconfig.ts";
import { noCluster } from "./no-cluster.ts";

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The cluster whose Pod this process runs in. The token file is read again and again: the kubelet renews it. */
export async function inClusterKubeconfig(
  env: Readonly<Record<string, string | undefined>>,
  directory: string = serviceAccount,
): Promise<Kubeconfig> {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  if (!host) {
    throw noCluster({
      en: "the setting keruta.kubernetes.in-cluster is on, but this process is not in a Pod (no KUBERNETES_SERVICE_HOST)",
      ja: "設定 keruta.kubernetes.in-cluster が有効ですが、このプロセスは Pod の中にありません（KUBERNETES_SERVICE_HOST がありません）",
    });
  }
  const name = "in-cluster";
  return {
    currentContext: name,
    contexts: new Map([[name, { cluster: name, user: name, namespace: await readNamespace(directory) }]]),
    clusters: new Map([
      [
        name,
        {
          server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
          authority: { path: `${directory}/ca.crt` },
          insecure: false,
          serverName: undefined,
          proxyUrl: undefined,
        },
      ],
    ]),
    users: new Map([
      [
        name,
        {
          certificate: undefined,
          key: undefined,
          token: undefined,
          tokenFile: `${directory}/token`,
          username: undefined,
          password: undefined,
          impersonate: undefined,
          exec: undefined,
          authProvider: undefined,
        },
      ],
    ]),
  };
}

async function readNamespace(directory: string): Promise<string | undefined> {
  try {
    return (await readFile(`${directory}/namespace`, "utf8")).trim() || undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
