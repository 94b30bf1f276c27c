import type { AppliedManifest, Cluster } from "@keruta/runner/cluster";
import {
  accountName,
  adminTokenSecret,
  driverManifests,
  serverManifests,
  serviceName,
} from "@keruta/runner/install";
import { apiVersion, isKerutaError } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { findCluster } from "../../driving/connect-cluster.ts";
import { writeDocument } from "../../output/document.ts";
import { toManifestYaml } from "../../output/yaml.ts";
import type { InstallCommandOptions } from "./install.ts";

export async function runInstall(options: InstallCommandOptions): Promise<void> {
  const { context, dryRun, format } = options;
  if (dryRun) {
    await using place = await placeOf(context);
    await printManifests(options, await manifestsOf(options, place));
    return;
  }
  const { cluster } = await findCluster(context);
  const { namespace } = cluster;
  try {
    const results = [];
    for (const manifest of await manifestsOf(options, { namespace, cluster })) {
      const { kind, metadata } = manifest;
      const result = await cluster.inNamespace(metadata.namespace).apply(manifest);
      results.push({ kind, namespace: metadata.namespace, name: metadata.name, result });
      if (format !== "text") continue;
      await context.io.stdout.write(`${kind} ${metadata.namespace}/${metadata.name} ${result}\n`);
    }
    if (format !== "text") {
      await writeDocument(context.io.stdout, format, { apiVersion, kind: "InstallResult", items: results });
    }
    await sayNext(options, namespace);
  } finally {
    await cluster.close();
  }
}

interface Place {
  readonly namespace: string;
  /** null: there is none to ask. */
  readonly cluster: Cluster | null;
}

async function manifestsOf(
  { context, exec, server }: InstallCommandOptions,
  { namespace, cluster }: Place,
): Promise<readonly AppliedManifest[]> {
  if (!server) return driverManifests({ namespace, accountNamespace: namespace, exec });
  const own = await serverNamespaceOf(context, namespace);
  const image = server.image ?? `localhost/keruta/server:${context.version}`;
  const ownsVolume = server.ownsVolume ?? !(await isRestricted(cluster?.inNamespace(own)));
  return [
    ...driverManifests({ namespace, accountNamespace: own, exec }),
    ...serverManifests({ ...server, image, ownsVolume, namespace: own, taskNamespace: namespace }),
  ];
}

async function isRestricted(cluster: Cluster | undefined): Promise<boolean> {
  const namespace = await cluster?.getNamespace();
  return namespace?.metadata.labels?.["pod-security.kubernetes.io/enforce"] === "restricted";
}

/** Of server and workers; empty in the settings means that of the tasks. */
async function serverNamespaceOf(context: Context, namespace: string): Promise<string> {
  const set = (await context.settings()).get("keruta.kubernetes.processor-namespace");
  return set === "" ? namespace : set;
}

async function sayNext({ context, server }: InstallCommandOptions, namespace: string): Promise<void> {
  if (!server) {
    await context.notify({
      en: `tasks can run in ${namespace}. \`keruta doctor -n ${namespace}\` checks it; \`kubectl -n ${namespace} create token ${accountName}\` gives a token for a kubeconfig with these rights alone`,
      ja: `${namespace} でタスクを実行できます。\`keruta doctor -n ${namespace}\` で確認でき、\`kubectl -n ${namespace} create token ${accountName}\` でこの権限だけを持つトークンを得られます`,
    });
    return;
  }
  const own = await serverNamespaceOf(context, namespace);
  const url = `http://${serviceName}.${own}:8080`;
  await context.notify({
    en: `the server is ${url} inside the cluster, once its Pods are ready; its first administrator's token is in the Secret ${own}/${adminTokenSecret}: \`kubectl -n ${own} get secret ${adminTokenSecret} -o jsonpath='{.data.token}' | base64 -d\``,
    ja: `Pod の準備ができると、サーバーはクラスター内で ${url} として使えます。最初の管理者のトークンは Secret ${own}/${adminTokenSecret} にあります: \`kubectl -n ${own} get secret ${adminTokenSecret} -o jsonpath='{.data.token}' | base64 -d\``,
  });
}

/** As tasks would have it; no cluster has to be there to print what it would get. */
async function placeOf(context: Context): Promise<Place & AsyncDisposable> {
  try {
    const { cluster } = await findCluster(context);
    return { namespace: cluster.namespace, cluster, [Symbol.asyncDispose]: () => cluster.close() };
  } catch (error) {
    if (!isKerutaError(error, "KRT_CLUSTER_NOT_FOUND")) throw error;
    const namespace = (await context.settings()).get("keruta.kubernetes.default-namespace");
    return { namespace, cluster: null, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
}

async function printManifests(
  { context, format }: InstallCommandOptions,
  manifests: readonly AppliedManifest[],
): Promise<void> {
  const { stdout } = context.io;
  if (format === "json") {
    await writeDocument(stdout, "json", { apiVersion: "v1", kind: "List", items: manifests });
    return;
  }
  const documents = manifests.map(toManifestYaml);
  await stdout.write(documents.join("---\n"));
}
