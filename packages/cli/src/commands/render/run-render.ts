import type { JobManifest } from "@keruta/runner/cluster";
import { isKerutaError, KerutaError, type Settings } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { runnerOf } from "../../driving/choose-runner.ts";
import { findCluster } from "../../driving/connect-cluster.ts";
import { findAttempt } from "./attempt.ts";
import type { RenderFormat } from "./formats.ts";
import type { RenderOptions } from "./render.ts";

/** Prints the Job that would run the task; queues, claims and creates nothing. */
export async function runRender({ context, source, runner, where, format }: RenderOptions): Promise<void> {
  const queue = await context.openQueue();
  const { task, attempt } = await findAttempt(context, queue, source);
  const own = await context.settings();
  if ((runner ?? runnerOf(task, own)) === "local") throw localHasNoJob(task.title);
  const { planJob, planSettings } = await import("@keruta/runner/plan");
  const planned = (settings: Settings) =>
    planJob({
      task,
      attempt,
      queueUid: queue.uid,
      // Made when the attempt is claimed; of the same length.
      fence: "0".repeat(32),
      settings: planSettings(settings, context.version),
    });

  if (where === "client") {
    await print(context, format, planned(await settingsWithNamespace(context, own)));
    return;
  }
  const { cluster, settings } = await findCluster(context);
  try {
    const manifest = planned(settings);
    const namespaced = cluster.inNamespace(manifest.metadata.namespace);
    const checked = await namespaced.createJob(manifest, { dryRun: true });
    if (checked.outcome === "exists") throw alreadyThere(manifest);
    await print(context, format, { apiVersion: manifest.apiVersion, kind: manifest.kind, ...checked.job });
  } finally {
    await cluster.close();
  }
}

/** A namespace that flag or setting names needs no kubeconfig; without either the setting's default stands. */
async function settingsWithNamespace(context: Context, own: Settings): Promise<Settings> {
  if (own.describe("keruta.kubernetes.default-namespace").origin !== "default") return own;
  try {
    const { cluster, settings } = await findCluster(context);
    await cluster.close();
    return settings;
  } catch (error) {
    if (!isKerutaError(error, "KRT_CLUSTER_NOT_FOUND")) throw error;
    return own;
  }
}

async function print({ io }: Context, format: RenderFormat, job: object): Promise<void> {
  if (format === "json") {
    await io.stdout.write(`${JSON.stringify(job, null, 2)}\n`);
    return;
  }
  const { toManifestYaml } = await import("../../output/yaml.ts");
  await io.stdout.write(toManifestYaml(job));
}

function localHasNoJob(title: string): KerutaError {
  const name = JSON.stringify(title);
  return new KerutaError(
    "KRT_RUNNER_UNSUPPORTED",
    {
      en: `Task ${name} runs as a process of this machine (runner local), so there is no Job to show.`,
      ja: `タスク ${name} はこのマシンのプロセスとして実行される（runner: local）ため、表示する Job がありません。`,
    },
    {
      hint: {
        en: "See the Job that it would have on a cluster with --runner kubernetes.",
        ja: "クラスターで実行する場合の Job は --runner kubernetes で確認できます。",
      },
    },
  );
}

function alreadyThere({ metadata }: JobManifest): KerutaError {
  return new KerutaError(
    "KRT_CLUSTER_CONFLICT",
    {
      en: `The cluster has a Job ${metadata.name} already, so it cannot check another one of that name.`,
      ja: `クラスターにはすでに Job ${metadata.name} があるため、同じ名前の Job は検査できません。`,
    },
    {
      hint: {
        en: `Look at it with \`kubectl get job ${metadata.name} -o yaml\`, or check a copy with \`keruta submit --from ID --dry-run server\`.`,
        ja: `\`kubectl get job ${metadata.name} -o yaml\` で確認するか、\`keruta submit --from ID --dry-run server\` で複製を検査してください。`,
      },
    },
  );
}
