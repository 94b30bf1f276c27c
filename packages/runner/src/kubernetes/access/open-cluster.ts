import type { Cluster } from "../../cluster/cluster.ts";
import { chooseProxy } from "./connection/choose-proxy.ts";
import { createConnection } from "./connection/connection.ts";
import { createCluster } from "./create-cluster.ts";
import { createCredentials } from "./credentials/credentials.ts";
import type { AccessDeps } from "./deps.ts";
import type { KubeconfigChoice } from "./kubeconfig/choose-kubeconfig.ts";
import { findTarget } from "./kubeconfig/find-target.ts";
import { readFileOrData } from "./kubeconfig/read-file-or-data.ts";
import { readKubeconfig } from "./kubeconfig/read-kubeconfig.ts";

export interface OpenClusterOptions {
  /** As `chooseKubeconfig` says. */
  readonly kubeconfig: KubeconfigChoice | undefined;
  /** Instead of the kubeconfig's current context. */
  readonly context: string | undefined;
  /** By flag, environment or database; else the context's, else `default`. */
  readonly namespace: string | undefined;
}

/** Nothing is sent yet. Throws KRT_CLUSTER_NOT_FOUND or KRT_KUBECONFIG_INVALID. */
export async function openCluster(options: OpenClusterOptions, deps: AccessDeps): Promise<Cluster> {
  const config = await readKubeconfig(options.kubeconfig, deps.env);
  const place = placeOf(options.kubeconfig);
  const target = findTarget(config, options.context, place);
  const { cluster } = target;
  const route = {
    server: cluster.server.replace(/\/+$/, ""),
    authority: cluster.insecure ? undefined : await readFileOrData(cluster.authority, place),
    insecure: cluster.insecure,
    serverName: cluster.serverName,
    proxy: chooseProxy(new URL(cluster.server), cluster.proxyUrl, deps.env),
  };
  const credentials = await createCredentials(target, place, deps);
  const namespace = options.namespace ?? target.namespace ?? "default";
  const connection = createConnection(route, credentials, deps);
  return createCluster(connection, { contextName: target.contextName, namespace }, deps);
}

function placeOf(choice: KubeconfigChoice | undefined): string {
  return choice === undefined || choice.from === "in-cluster" ? "in-cluster" : choice.paths.join(", ");
}
