import {
  podAnnotations,
  sidecarWaitsFor,
  type AgentReport,
  type ArtifactSummary,
} from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { startingAt } from "../../artifacts/index.ts";
import type { Job, Pod } from "../../cluster/objects.ts";
import type { JobFacts } from "../../plan/index.ts";
import { collectArtifacts } from "../../stages/collect-artifacts.ts";
import { acknowledge } from "./acknowledge.ts";
import { awaitUpload } from "./await-upload.ts";
import { openCollect } from "./collect-from-pod.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { sidecarPatience } from "./patience.ts";
import { sidecarStays } from "./sidecar-state.ts";

export interface HandOver {
  readonly claim: Claim;
  readonly facts: JobFacts;
  readonly job: Job;
  readonly pod: Pod;
  /** null where there is none, or none is known yet. */
  readonly report: AgentReport | null;
  /** Of its log something had to be read from the Pod, which may then wait for the word that it was. */
  readonly spoolWasRead: boolean;
  readonly lost: AbortSignal;
}

/** Brings the artifacts that a Pod keeps, and lets its sidecar go. null where there are none. */
export async function handOver(deps: ClusterRunnerDeps, input: HandOver): Promise<ArtifactSummary | null> {
  const { facts, report, pod, spoolWasRead } = input;
  const mayCollect = await mayHaveArtifacts(deps, input);
  const uploads = uploadsArtifacts(input.job);
  const artifacts = mayCollect ? await bringArtifacts(deps, input, uploads) : null;
  deps.crashPoint("collected");

  // A sidecar whose upload was taken does not wait for it.
  const keepsArtifacts = mayCollect && (!uploads || artifacts?.status === "Failed");
  const waitsFor = sidecarWaitsFor({ artifacts: keepsArtifacts, wrapped: facts.wrapped, report });
  // One that was told late of the end waits for a short log as well: then its spool had to be read.
  if (waitsFor !== null || spoolWasRead) await acknowledge(deps, pod);
  return artifacts;
}

async function mayHaveArtifacts(
  deps: ClusterRunnerDeps,
  { facts, report, pod, lost }: HandOver,
): Promise<boolean> {
  if (facts.wantsArtifacts) return true;
  if (facts.wrapped) return report === null || report.leavesArtifacts;
  // An image's own process tells nothing; but its sidecar stays for what lies in KERUTA_ARTIFACTS.
  return await sidecarStays(deps, pod, lost);
}

/** Over exec, or from the server that the Pod uploads them to. */
function bringArtifacts(
  deps: ClusterRunnerDeps,
  { claim, facts, pod, lost }: HandOver,
  uploads: boolean,
): Promise<ArtifactSummary | null> {
  const { wantsArtifacts, collectArguments } = facts;
  if (uploads) return awaitUpload(deps, { claim, pod, wantsArtifacts, lost });
  const { name } = pod.metadata;
  const patience = sidecarPatience(deps, pod, lost);
  return collectArtifacts(deps, {
    claim,
    store: deps.artifacts,
    wantsArtifacts,
    open: (...place) => openCollect(deps, name, startingAt(collectArguments, ...place), lost),
    mayAskAgain: (why) => patience.mayAskAgain(why),
    onBrought: () => {
      patience.renew();
    },
    lost,
  });
}

/** As the Job was made: the setting may have changed since. */
function uploadsArtifacts({ metadata }: Job): boolean {
  return metadata.annotations?.[podAnnotations.transport] === "api";
}
