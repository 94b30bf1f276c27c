import type { Cluster } from "../../cluster/cluster.ts";
import { isTransient } from "../../cluster/index.ts";
import type { Pod } from "../../cluster/objects.ts";
import { isKerutaError, lastSequenceOf } from "@keruta/shared/domain";
import type { ReadSpool } from "../../follow/log-keeper.ts";
import { collectDeadlineMilliseconds } from "../../plan/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { hasSidecarEnded } from "./sidecar-state.ts";

export interface PatienceDeps extends Pick<ClusterRunnerDeps, "clock" | "timers" | "observer"> {
  readonly cluster: Pick<Cluster, "getPod">;
}

export interface SidecarPatience {
  /** Waits a while, where the same may be asked again; false where it would be in vain. */
  mayAskAgain(error: unknown): Promise<boolean>;
}

const firstWait = 200;
const longestWait = 5000;
/** A container that was killed, or whose runtime was, can be asked again within a minute, or not at all. */
const restartMilliseconds = 60_000;

/**
 * What only the sidecar has is lost with it and not before: while the cluster is out of reach, or the kubelet starts the
 * sidecar again, it is asked again, for as long as it waits for that.
 */
export function sidecarPatience(
  { cluster, clock, timers, observer }: PatienceDeps,
  pod: Pick<Pod, "metadata">,
  lost: AbortSignal,
): SidecarPatience {
  const start = clock();
  let wait = firstWait;
  let isTold = false;
  return {
    async mayAskAgain(error) {
      const passing = isTransient(error)
        ? collectDeadlineMilliseconds
        : isRefused(error)
          ? restartMilliseconds
          : 0;
      if (lost.aborted || clock() + wait >= start + passing) return false;
      if (await hasSidecarEnded(cluster, pod)) return false;
      if (!isTold) observer.notice(tryingAgain(error as Error));
      isTold = true;
      await new Promise<void>((resolve) => void timers.after(wait, resolve));
      wait = Math.min(wait * 2, longestWait);
      return !lost.aborted;
    },
  };
}

/** Makes what is asked of the sidecar again as long as there is patience. */
export function patiently<A extends readonly unknown[], R>(
  patience: SidecarPatience,
  ask: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    for (;;) {
      try {
        return await ask(...args);
      } catch (error) {
        if (!(await patience.mayAskAgain(error))) throw error;
      }
    }
  };
}

/** Goes on after the last entry that came. */
export function readPatiently(patience: SidecarPatience, read: ReadSpool): ReadSpool {
  return async function* (afterSequence) {
    for (let after = afterSequence; ;) {
      try {
        for await (const entries of read(after)) {
          yield entries;
          const last = entries.at(-1);
          if (last) after = lastSequenceOf(last);
        }
        return;
      } catch (error) {
        if (!(await patience.mayAskAgain(error))) throw error;
      }
    }
  };
}

/** No such container now; but so is told what will never be, as a program that is not in the image. */
function isRefused(error: unknown): boolean {
  return isKerutaError(error, "KRT_CLUSTER_REFUSED");
}

function tryingAgain({ message }: Error) {
  return {
    en: `the Pod's sidecar cannot be asked, trying again: ${message}`,
    ja: `Pod のサイドカーに接続できないため再試行します: ${message}`,
  };
}
