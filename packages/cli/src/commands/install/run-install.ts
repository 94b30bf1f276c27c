import type { AppliedManifest } from "@keruta/runner/cluster";
import { apiVersion, isKerutaError } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { findCluster } from "../../driving/connect-cluster.ts";
import { writeDocument } from "../../output/document.ts";
import { toManifestYaml } from "../../output/yaml.ts";
import type { InstallCommandOptions } from "./install.ts";
import { planInstall, type Place } from "./plan.ts";
import { removeLeftOut } from "./remove-left-out.ts";
import { nextSteps } from "./say-next.ts";
import { warnOfSecrets } from "./warn-of-secrets.ts";

export async function runInstall(options: InstallCommandOptions): Promise<void> {
  const { context, dryRun, format } = options;
  if (dryRun) {
    await using place = await placeOf(context);
    const plan = await planInstall(options, place);
    await printManifests(options, plan.manifests);
    await warnOfSecrets(context, plan);
    return;
  }
  const { cluster } = await findCluster(context);
  const { namespace } = cluster;
  try {
    const plan = await planInstall(options, { namespace, cluster });
    const results: object[] = [];
    const tell = async (kind: string, of: string, name: string, result: string) => {
      results.push({ kind, namespace: of, name, result });
      if (format === "text") await context.io.stdout.write(`${kind} ${of}/${name} ${result}\n`);
    };
    for (const manifest of plan.manifests) {
      const { kind, metadata } = manifest;
      const result = await cluster.inNamespace(metadata.namespace).apply(manifest);
      await tell(kind, metadata.namespace, metadata.name, result);
    }
    for (const each of await removeLeftOut(context, cluster, plan.leftOut)) {
      await tell(each.kind, each.namespace, each.name, "deleted");
    }
    if (format !== "text") {
      await writeDocument(context.io.stdout, format, { apiVersion, kind: "InstallResult", items: results });
    }
    await warnOfSecrets(context, plan);
    await context.notify(nextSteps(plan));
  } finally {
    await cluster.close();
  }
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
