import type { Cluster } from "../../cluster/cluster.ts";
import { answeredStatus, isTransient } from "../../cluster/index.ts";
import type { Pod } from "../../cluster/objects.ts";
import { isKerutaError, lastSequenceOf } from "@keruta/shared/domain";
import type { ReadSpool } from "../../follow/log-keeper.ts";
import { collectDeadlineMilliseconds } from "../../plan/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { hasSidecarEnded } from "./sidecar-state.ts";

export type PatienceDeps = Pick<ClusterRunnerDeps, "clock" | "timers" | "observer">;

export interface Patience {
  /** Waits a while, where the same may be asked again; false where it would be in vain. */
  mayAskAgain(error: unknown): Promise<boolean>;
  /** Something came: what fails after it is another outage. */
  renew(): void;
}

export interface PatienceOptions {
  /** True where what is asked for is no longer there, whatever comes back. */
  readonly isGone: () => Promise<boolean>;
  readonly lost: AbortSignal;
}

const firstWait = 200;
const longestWait = 5000;
/** A kubelet, or a container, that was killed can be asked again within a minute, or not at all: its node may be dead. */
const restartMilliseconds = 60_000;

/** What only the Pod has is lost with it and not before: while the cluster cannot be asked, it is asked again. */
export function createPatience(
  { clock, timers, observer }: PatienceDeps,
  { isGone, lost }: PatienceOptions,
): Patience {
  let start: number | undefined;
  let wait = firstWait;
  let isTold = false;
  return {
    renew() {
      start = undefined;
      wait = firstWait;
      isTold = false;
    },
    async mayAskAgain(error) {
      start ??= clock();
      if (lost.aborted || clock() + wait >= start + patienceWith(error)) return false;
      if (await isGone()) return false;
      if (!isTold) observer.notice(tryingAgain(error as Error));
      isTold = true;
      await new Promise<void>((resolve) => void timers.after(wait, resolve));
      wait = Math.min(wait * 2, longestWait);
      return !lost.aborted;
    },
  };
}

/** Patience for as long as the sidecar waits. */
export function sidecarPatience(
  { cluster, ...deps }: PatienceDeps & { readonly cluster: Pick<Cluster, "getPod"> },
  pod: Pick<Pod, "metadata">,
  lost: AbortSignal,
): Patience {
  return createPatience(deps, { isGone: () => hasSidecarEnded(cluster, pod), lost });
}

/** Milliseconds. An API server that does not answer says nothing of the Pod; one that does has asked its kubelet. */
function patienceWith(error: unknown): number {
  if (isTransient(error))
    return answeredStatus(error) === undefined ? collectDeadlineMilliseconds : restartMilliseconds;
  // No such container now; but so is told what will never be, as a program that is not in the image.
  return isKerutaError(error, "KRT_CLUSTER_REFUSED") ? restartMilliseconds : 0;
}

/** Goes on after the last entry that came. */
export function readPatiently(patience: Patience, read: ReadSpool): ReadSpool {
  return async function* (afterSequence) {
    for (let after = afterSequence; ;) {
      try {
        for await (const entries of read(after)) {
          yield entries;
          const last = entries.at(-1);
          if (!last) continue;
          after = lastSequenceOf(last);
          patience.renew();
        }
        return;
      } catch (error) {
        if (!(await patience.mayAskAgain(error))) throw error;
      }
    }
  };
}

function tryingAgain({ message }: Error) {
  return {
    en: `the Pod cannot be asked, trying again: ${message}`,
    ja: `Pod に問い合わせできないため再試行します: ${message}`,
  };
}
