import { jobNameOf } from "@keruta/shared/domain";
import { collectArguments } from "./collect.ts";
import { unsettledTtlSeconds } from "./deadlines.ts";
import { jobMetadata, podMetadata } from "./labels.ts";
import type { JobManifest } from "./manifest.ts";
import { prepare, type PlanInput, type Planning } from "./planning.ts";
import { podSpec } from "./pod.ts";
import { mergeTemplate } from "./template.ts";

/**
 * The whole Job of one attempt; the same input gives the same Job.
 * Throws KRT_TASK_INVALID where no image is known, KRT_SETTING_INVALID where the template does not fit.
 */
export function planJob(input: PlanInput): JobManifest {
  const planning = prepare(input);
  return mergeTemplate(input.settings.template, renderJob(planning));
}

/** What is about a Job but not in it. Errors as of `planJob`. */
export interface JobFacts {
  readonly name: string;
  readonly namespace: string;
  /** False where the image's own process runs without the agent; what is lost by that is to be said. */
  readonly wrapped: boolean;
  /** Arguments of `keruta-agent collect` in the sidecar, but for `--from`. */
  readonly collectArguments: readonly string[];
  /** True where the task names artifacts, so that none is worth a word. */
  readonly wantsArtifacts: boolean;
}

export function jobFacts(input: PlanInput): JobFacts {
  const planning = prepare(input);
  return {
    name: jobNameOf(input.task.id, input.attempt),
    namespace: planning.spec.namespace,
    wrapped: planning.wrapped,
    collectArguments: collectArguments(planning),
    wantsArtifacts: planning.spec.artifacts.paths.length > 0,
  };
}

function renderJob(planning: Planning): JobManifest {
  const { task, attempt, spec } = planning;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: jobNameOf(task.id, attempt), namespace: spec.namespace, ...jobMetadata(planning) },
    spec: {
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      ttlSecondsAfterFinished: unsettledTtlSeconds,
      template: { metadata: podMetadata(planning), spec: podSpec(planning) },
    },
  };
}
