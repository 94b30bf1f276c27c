import type { NewTask, Task } from "@keruta/shared/domain";
import { planJob, planSettings } from "@keruta/runner/plan";
import { failed, failedWith, ok, type Check } from "./check.ts";
import type { ClusterCheckOptions } from "./cluster-checks.ts";

/** A task that every image can run, since the agent is brought along, and that does nothing. */
export function probeTask(image: string): NewTask {
  return {
    title: "keruta doctor",
    description: "",
    priority: 0,
    labels: {},
    spec: {
      image,
      command: ["/keruta/bin/keruta-agent", "--help"],
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

/** Has the server check a whole Job, through all its admission, and store nothing. */
export async function probeCheck({ cluster, settings, version, now }: ClusterCheckOptions): Promise<Check> {
  const name = "job";
  try {
    const plan = planSettings(settings, version);
    const manifest = planJob({
      task: asQueued(probeTask(probeImage({ settings, version })), now),
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
