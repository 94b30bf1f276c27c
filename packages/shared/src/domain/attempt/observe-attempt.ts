import { isEnded, givenUpAt } from "./cluster-ended.ts";
import type { ClusterEvidence, ClusterGraces, Observation, Wait } from "./cluster-evidence.ts";
import { failureOfPhase, phaseOf } from "./cluster-phase.ts";
import { mainOf, startedAtOf, terminatingSince } from "./cluster-pod.ts";
import { findTrouble, type Trouble } from "./cluster-trouble.ts";

/** How an attempt stands on the cluster at `now`, milliseconds by the driver's clock. */
export function observeAttempt(evidence: ClusterEvidence, graces: ClusterGraces, now: number): Observation {
  const phase = phaseOf(evidence);
  const { pod } = evidence;
  const main = pod ? mainOf(pod) : undefined;
  const known = {
    phase,
    podName: pod?.metadata.name ?? null,
    node: pod?.spec?.nodeName ?? null,
    imageId: main?.imageID || null,
    terminatingSince: terminatingSince(evidence),
    commandStartedAt: startedAtOf(main),
  };
  const ended = isEnded(evidence, now);
  const isDeleting = pod?.metadata.deletionTimestamp !== undefined;
  if (ended || isDeleting || phase === "Running" || phase === "Collecting") {
    const lookAgainAt = ended || pod === null ? null : givenUpAt(pod);
    return { ...known, ended, failure: null, wait: null, lookAgainAt };
  }
  const { wait, until } = waitOf(evidence, phase, graces, now);
  const failure = now >= until ? wait.failure : null;
  return { ...known, ended, failure, wait, lookAgainAt: failure ? null : until };
}

/** The wait and when it has lasted too long: by its own grace, or with the whole start. */
function waitOf(
  evidence: ClusterEvidence,
  phase: Observation["phase"],
  graces: ClusterGraces,
  now: number,
): { readonly wait: Wait; readonly until: number } {
  const trouble = findTrouble(evidence);
  const key = trouble?.key ?? `phase:${phase}`;
  const since = evidence.wait?.key === key ? evidence.wait.since : now;
  const failure = trouble?.failure ?? failureOfPhase(phase, evidence.pod !== null);
  const deadline = evidence.createdAt + graces.pendingTimeout;
  const until = trouble ? Math.min(since + graceOf(trouble, graces), deadline) : deadline;
  return { wait: { key, since, failure, trouble: trouble !== null }, until };
}

function graceOf({ grace }: Trouble, graces: ClusterGraces): number {
  return grace === "none" ? 0 : graces[grace];
}
