import type { ArtifactSummary, Task } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { Job } from "../../cluster/objects.ts";
import type { LogKeeper } from "../../follow/log-keeper.ts";
import type { JobFacts } from "../../plan/index.ts";
import { createControlSink } from "../../stages/control-sink.ts";
import { watchAttempt } from "./attempt-watch.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { finishAttempt } from "./finish-attempt.ts";
import { followPodLog } from "./follow-pod-log.ts";
import { followRawLog } from "./follow-raw-log.ts";
import { handOverEarly } from "./hand-over-early.ts";
import { podSpoolReader } from "./pod-spool.ts";
import { seeToEnd } from "./see-to-end.ts";

export interface DriveJob {
  readonly claim: Claim;
  readonly facts: JobFacts;
  readonly log: LogKeeper;
  readonly cancel: AbortSignal;
  readonly away: AbortSignal;
  readonly lost: AbortSignal;
  readonly job: Job;
}

/** Watches and follows a Job that is there, to the settled result; undefined where the attempt was left or lost. */
export async function driveJob(deps: ClusterRunnerDeps, input: DriveJob): Promise<Task | undefined> {
  const { claim, log, cancel, away, job } = input;
  const { cluster } = deps;
  const spec = deps.plan.complete(claim.task.spec);
  const watch = watchAttempt({ cluster, job });
  const containerEnded = new AbortController();
  const stopFollowing = new AbortController();
  const controls = createControlSink(deps, claim, true);
  let following: Promise<boolean> | undefined;
  let handingOver: Promise<ArtifactSummary | null | undefined> | undefined;
  try {
    const seen = await seeToEnd(deps, {
      claim,
      job,
      watch,
      graces: deps.graces(spec.pendingTimeout),
      timeout: input.facts.wrapped ? null : spec.timeout,
      cancel,
      lost: input.lost,
      onStarted: (pod) => {
        deps.crashPoint("running");
        const stop = AbortSignal.any([away, stopFollowing.signal]);
        if (!input.facts.wrapped) {
          deps.observer.notice(unwrappedWords);
          const ended = containerEnded.signal;
          const raw = { pod, lease: claim.lease, log, containerEnded: ended, stop };
          following = followRawLog(deps, raw);
          following.catch(() => undefined);
          return;
        }
        following = followPodLog(deps, {
          pod,
          container: "main",
          log,
          onControl: (control, time) => {
            controls.take(control, time);
          },
          readSpool: podSpoolReader(deps, pod.metadata.name, stop),
          containerEnded: containerEnded.signal,
          stop,
        });
        // Awaited below, or thrown away with the attempt.
        following.catch(() => undefined);
      },
      onTerminating: (pod) => {
        if (!following || !input.facts.wrapped) return;
        const { facts } = input;
        const ended = { following, containerEnded: containerEnded.signal };
        handingOver = handOverEarly(deps, { claim, facts, job, pod, lost: away, ...ended });
        handingOver.catch(() => undefined);
      },
      onContainerEnded: () => {
        containerEnded.abort();
      },
    });
    if (!seen) return undefined;
    deps.crashPoint("ended");
    const isFollowed = (await following) ?? true;
    const handedOver = await handingOver;
    if (away.aborted) return undefined;
    return await finishAttempt(deps, { ...input, seen, isFollowed, handedOver });
  } finally {
    stopFollowing.abort();
    await following?.catch(() => undefined);
    await handingOver?.catch(() => undefined);
    await controls.flush();
    await watch.stop();
  }
}

/** Said once: what running the image's own process, without the agent, gives up. */
const unwrappedWords = {
  en: "this image runs without the agent: streams are not told apart, secrets in its output not masked, no progress, and the log is as the API gives it",
  ja: "このイメージはエージェントなしで実行されます。出力の区別、出力中のシークレットの伏せ字、進捗はなく、ログは API が返すままを保存します",
};
