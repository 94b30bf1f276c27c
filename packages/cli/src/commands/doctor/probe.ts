import type { NewTask, Settings, Task } from "@keruta/shared/domain";
import { planJob, planSettings } from "@keruta/runner/plan";
import { failed, failedWith, ok, type Check } from "./check.ts";
import type { ClusterCheckOptions } from "./cluster-checks.ts";
import { hostOf, isName } from "./dns-checks.ts";

/** A task that every image can run, since the agent is brought along: it resolves a name, or does nothing. */
export function probeTask(image: string, hostName: string | null): NewTask {
  return {
    title: "keruta doctor",
    description: "",
    priority: 0,
    labels: {},
    spec: {
      image,
      command: ["/keruta/bin/keruta-agent", ...(hostName === null ? ["--help"] : ["resolve", hostName])],
      runner: "kubernetes",
      timeout: "1m",
      retry: { attempts: 1 },
    },
  };
}

/** The default image, or the agent's own where none is set. */
export function probeImage({ settings, version }: Pick<ClusterCheckOptions, "settings" | "version">): string {
  const image = settings.get("keruta.kubernetes.default-image");
  return image === "" ? planSettings(settings, version).agentImage : image;
}

/** What Pods call keruta's server, where it is a name that they have to resolve. */
export function probeName(settings: Settings): string | null {
  const url = settings.get("keruta.agent.api-url");
  return isName(url) ? hostOf(url) : null;
}

/** Has the server check a whole Job, through all its admission, and store nothing. */
export async function probeCheck({ cluster, settings, version, now }: ClusterCheckOptions): Promise<Check> {
  const name = "job";
  try {
    const plan = planSettings(settings, version);
    const manifest = planJob({
      task: asQueued(probeTask(probeImage({ settings, version }), probeName(settings)), now),
      attempt: 1,
      queueUid: "doctor",
      fence: "doctor",
      settings: plan,
    });
    const checked = await cluster.createJob(manifest, { dryRun: true });
    if (checked.outcome === "created") {
      return ok(name, {
        en: `the cluster accepts a Job with the agent image ${plan.agentImage}; \`keruta doctor --run\` runs one`,
        ja: `エージェントイメージ ${plan.agentImage} の Job をクラスターが受け付けます（実際の実行は \`keruta doctor --run\`）`,
      });
    }
    return failed(
      name,
      {
        en: `a Job ${manifest.metadata.name} is there that no task has`,
        ja: `どのタスクのものでもない Job ${manifest.metadata.name} があります`,
      },
      {
        en: `Delete it: \`kubectl delete job ${manifest.metadata.name}\`.`,
        ja: `\`kubectl delete job ${manifest.metadata.name}\` で削除してください。`,
      },
    );
  } catch (error) {
    return failedWith(name, error);
  }
}

function asQueued(task: NewTask, now: number): Task {
  const time = new Date(now).toISOString();
  return {
    ...task,
    id: "doctorprob",
    status: "IN_PROGRESS",
    createdAt: time,
    updatedAt: time,
    createdBy: "",
    requestId: null,
    cancelRequestedAt: null,
    progress: { percent: null, message: "" },
    pending: null,
    attempt: null,
    attempts: [],
  };
}
