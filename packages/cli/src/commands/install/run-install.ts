import type { AppliedManifest } from "@keruta/runner/cluster";
import { accountName, driverManifests } from "@keruta/runner/install";
import { apiVersion, isKerutaError } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { findCluster } from "../../driving/connect-cluster.ts";
import { writeDocument } from "../../output/document.ts";
import { stringify } from "../../output/yaml.ts";
import type { InstallCommandOptions } from "./install.ts";

export async function runInstall(options: InstallCommandOptions): Promise<void> {
  const { context, dryRun, exec } = options;
  if (dryRun) {
    const manifests = driverManifests({ namespace: await namespaceOf(context), exec });
    await printManifests(options, manifests);
    return;
  }
  const { cluster } = await findCluster(context);
  try {
    const results = [];
    for (const manifest of driverManifests({ namespace: cluster.namespace, exec })) {
      const result = await cluster.apply(manifest);
      const { kind, metadata } = manifest;
      results.push({ kind, namespace: cluster.namespace, name: metadata.name, result });
      if (options.format !== "text") continue;
      await context.io.stdout.write(`${kind} ${cluster.namespace}/${metadata.name} ${result}\n`);
    }
    if (options.format !== "text") {
      await writeDocument(context.io.stdout, options.format, {
        apiVersion,
        kind: "InstallResult",
        items: results,
      });
    }
    await context.notify({
      en: `tasks can run in ${cluster.namespace}. \`keruta doctor -n ${cluster.namespace}\` checks it; \`kubectl -n ${cluster.namespace} create token ${accountName}\` gives a token for a kubeconfig with these rights alone`,
      ja: `${cluster.namespace} でタスクを実行できます。\`keruta doctor -n ${cluster.namespace}\` で確認でき、\`kubectl -n ${cluster.namespace} create token ${accountName}\` でこの権限だけを持つトークンを得られます`,
    });
  } finally {
    await cluster.close();
  }
}

/** As tasks would have it; no cluster has to be there to print what it would get. */
async function namespaceOf(context: Context): Promise<string> {
  try {
    const { cluster } = await findCluster(context);
    await cluster.close();
    return cluster.namespace;
  } catch (error) {
    if (!isKerutaError(error, "KRT_CLUSTER_NOT_FOUND")) throw error;
    return (await context.settings()).get("keruta.kubernetes.default-namespace");
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
  // kubectl reads YAML 1.1, where a bare `no` is a boolean.
  const documents = manifests.map((each) => stringify(each, { compat: "yaml-1.1", lineWidth: 0 }));
  await stdout.write(documents.join("---\n"));
}
