import {
  observeAttempt,
  type ClusterEvidence,
  type ClusterGraces,
  type Observation,
  type StartFailure,
} from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { isTransient } from "../../cluster/index.ts";
import type { Job, Pod } from "../../cluster/objects.ts";
import { attemptEvidence } from "./attempt-evidence.ts";
import type { AttemptWatch } from "./attempt-watch.ts";
import { createCancelling } from "./cancelling.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { isReallyGone } from "./is-really-gone.ts";
import { createLeaving } from "./leaving.ts";
import { watchMilestones, type Milestones } from "./milestones.ts";
import { createOutage } from "./outage.ts";
import { endJob, givenUp } from "./stop-attempt.ts";
import { createTimeLimit } from "./time-limit.ts";
import { isGated, ungate } from "./ungate.ts";

export interface SeeToEnd extends Milestones {
  readonly claim: Claim;
  readonly job: Job;
  readonly watch: AttemptWatch;
  readonly graces: ClusterGraces;
  /** Milliseconds from the command's start that this driver allows; null where the agent sees to it. */
  readonly timeout: number | null;
  readonly cancel: AbortSignal;
  /** The attempt is another driver's. */
  readonly lost: AbortSignal;
  readonly onContainerEnded: () => void;
}

export interface Seen {
  readonly evidence: ClusterEvidence;
  /** Set where the start was given up. */
  readonly failure: StartFailure | null;
  /** Our own stop was sent before the command's end. */
  readonly stopped: boolean;
  /** Why this driver's own time-out ended the command; null where it did not. */
  readonly timedOut: string | null;
  readonly pod: Pod | null;
}

/** Until a watch that is behind, or a cluster that did not answer, is asked again. */
const doubtMilliseconds = 1000;

/** Watches the attempt until its command has ended or cannot start, and acts on a cancel; undefined when it is lost or left. */
export async function seeToEnd(deps: ClusterRunnerDeps, input: SeeToEnd): Promise<Seen | undefined> {
  const { claim, job, watch, graces, cancel } = input;
  const passMilestones = watchMilestones(input);
  const limit = createTimeLimit(deps, input.timeout);
  const cancelling = createCancelling(deps, job, cancel);
  const outage = createOutage(deps);
  const leaving = createLeaving(deps, input.lost);
  let own = claim.attempt.podName;
  let isUngated = false;
  let told: Observation | undefined;

  while (!leaving.isDue()) {
    const state = watch.look();
    outage.look(state.interruption);
    const seen = attemptEvidence(state, job, own, told);
    const seemsGone = state.isKnown && seen.jobGone && seen.pod === null;
    let isInDoubt = seemsGone && !(await isReallyGone(deps, job, own));
    const evidence = isInDoubt ? { ...seen, jobGone: false } : seen;
    const { pod } = evidence;
    if (state.isKnown) {
      const observation = observeAttempt(evidence, graces, deps.clock());
      await tell(deps, claim, observation, told);
      told = observation;
      own ??= observation.podName;
      passMilestones(pod, observation);
      limit.look(pod, observation);

      const end = (failure: StartFailure | null): Seen => {
        return { evidence, failure, stopped: cancelling.isBegun, timedOut: limit.passed, pod };
      };
      const giveUp = async (failure: StartFailure): Promise<Seen> => {
        await endJob(deps, { job, pod }, failure);
        return end(failure);
      };
      const earlier = givenUp(job);
      if (earlier) return end(earlier);
      if (observation.ended) {
        input.onContainerEnded();
        return end(null);
      }
      try {
        if (observation.failure && !cancelling.isBegun) return await giveUp(observation.failure);
        await limit.act(pod);
        if (await cancelling.act(pod, observation.phase === "Running")) return end(null);
        if (pod && !isUngated && !cancelling.isBegun && isGated(pod)) {
          const ungated = await ungate(deps, pod);
          if (ungated.kind === "refused") return await giveUp(ungated.failure);
          isUngated = ungated.kind === "ungated";
          isInDoubt ||= !isUngated;
        }
        if (isUngated || (pod && !isGated(pod))) leaving.letGo();
      } catch (error) {
        // What is to be stopped stays to be stopped: the cluster is asked again.
        if (!isTransient(error)) throw error;
        isInDoubt = true;
      }
    }
    const looks = [
      told?.lookAgainAt ?? null,
      limit.deadline,
      cancelling.until,
      outage.tellAt,
      leaving.until,
      isInDoubt ? deps.clock() + doubtMilliseconds : null,
    ].filter((at) => at !== null);
    await nextLook(
      deps,
      watch,
      // A signal that has aborted ends each wait at once: what the watches bring would never be read.
      cancel.aborted ? leaving.signals : [...leaving.signals, cancel],
      looks.length === 0 ? null : Math.min(...looks),
    );
  }
  return undefined;
}

/** What is new goes into the queue, and to whoever watches. */
async function tell(
  deps: ClusterRunnerDeps,
  { lease }: Claim,
  now: Observation,
  before: Observation | undefined,
): Promise<void> {
  const { phase, podName, node, imageId, commandStartedAt } = now;
  const known = { phase, podName, node, imageId, commandStartedAt };
  const change = Object.fromEntries(
    Object.entries(known).filter(
      ([key, value]) => value !== null && value !== before?.[key as keyof typeof known],
    ),
  );
  if (Object.keys(change).length > 0) await deps.queue.recordAttempt(lease, change);
  if (phase !== before?.phase) deps.observer.phase(phase);
  if (now.wait?.trouble && now.wait.key !== before?.wait?.key) {
    const { message } = now.wait.failure;
    deps.observer.notice({ en: message, ja: message });
  }
}

async function nextLook(
  deps: ClusterRunnerDeps,
  watch: AttemptWatch,
  signals: readonly AbortSignal[],
  at: number | null,
): Promise<void> {
  const due = new AbortController();
  const stop =
    at === null ? () => undefined : deps.timers.after(Math.max(0, at - deps.clock()), () => due.abort());
  try {
    await watch.changed(AbortSignal.any([...signals, due.signal]));
  } finally {
    stop();
  }
}
