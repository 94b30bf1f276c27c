import {
  formatDuration,
  observeAttempt,
  type ClusterEvidence,
  type ClusterGraces,
  type Observation,
  type StartFailure,
} from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { Job, Pod } from "../../cluster/objects.ts";
import type { AttemptState, AttemptWatch } from "./attempt-watch.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { isFinished, isReallyGone } from "./is-really-gone.ts";
import { watchMilestones, type Milestones } from "./milestones.ts";
import { deletePod, endJob, givenUp, stopAttempt } from "./stop-attempt.ts";

export interface SeeToEnd extends Milestones {
  readonly claim: Claim;
  readonly job: Job;
  readonly watch: AttemptWatch;
  readonly graces: ClusterGraces;
  /** Milliseconds from the command's start that this driver allows; null where the agent sees to it. */
  readonly timeout: number | null;
  readonly cancel: AbortSignal;
  /** Lost or left: this driver has nothing more to do with the attempt. */
  readonly away: AbortSignal;
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

/** Until a watch that is behind is asked again. */
const doubtMilliseconds = 1000;

/** Watches the attempt until its command has ended or cannot start, and acts on a cancel; undefined when away. */
export async function seeToEnd(deps: ClusterRunnerDeps, input: SeeToEnd): Promise<Seen | undefined> {
  const { claim, job, watch, graces, timeout, cancel, away } = input;
  const passMilestones = watchMilestones(input);
  let told: Observation | undefined;
  let stopped = false;
  let timedOut: string | null = null;
  let deadline: number | null = null;

  while (!away.aborted) {
    const state = watch.look();
    const seen = evidenceOf(state, job, told);
    const seemsGone = state.isKnown && seen.jobGone && seen.pod === null;
    const isDoubtful = seemsGone && !(await isReallyGone(deps, job));
    const evidence = isDoubtful ? { ...seen, jobGone: false } : seen;
    if (state.isKnown) {
      const observation = observeAttempt(evidence, graces, deps.clock());
      await tell(deps, claim, observation, told);
      told = observation;
      const pod = state.pods[0]?.pod ?? null;
      const isRunning = observation.phase === "Running";
      passMilestones(pod, observation);
      const earlier = givenUp(job);
      if (earlier) return { evidence, failure: earlier, stopped, timedOut, pod };
      if (observation.ended) {
        input.onContainerEnded();
        return { evidence, failure: null, stopped, timedOut, pod };
      }
      if (observation.failure) {
        await endJob(deps, { job, pod }, observation.failure);
        return { evidence, failure: observation.failure, stopped, timedOut, pod };
      }
      if (timeout !== null && observation.commandStartedAt !== null) {
        deadline = Date.parse(observation.commandStartedAt) + timeout;
        if (pod && timedOut === null && deps.clock() >= deadline) {
          timedOut = `The command ran longer than ${formatDuration(timeout)} and its Pod was deleted.`;
          await deletePod(deps, pod);
        }
      }
      if (cancel.aborted && !stopped) {
        stopped = true;
        await stopAttempt(deps, { job, pod, isMainRunning: isRunning });
        if (!isRunning) return { evidence, failure: null, stopped, timedOut, pod };
      }
    }
    const looks = [
      told?.lookAgainAt ?? null,
      timedOut === null ? deadline : null,
      isDoubtful ? deps.clock() + doubtMilliseconds : null,
    ].filter((at) => at !== null);
    await nextLook(
      deps,
      watch,
      // A signal that has aborted ends each wait at once: what the watches bring would never be read.
      cancel.aborted ? [away] : [away, cancel],
      looks.length === 0 ? null : Math.min(...looks),
    );
  }
  return undefined;
}

function evidenceOf(state: AttemptState, job: Job, before: Observation | undefined): ClusterEvidence {
  const [first, second] = state.pods;
  return {
    jobGone: state.job === null || (first === undefined && !state.isInterrupted && isFinished(state.job)),
    pod: first?.pod ?? null,
    podGone: first?.isGone ?? false,
    secondPod: second !== undefined,
    events: state.events,
    createdAt: Date.parse(job.metadata.creationTimestamp ?? ""),
    wait: before?.wait ?? null,
    terminatingSince: before?.terminatingSince ?? null,
  };
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
