import { isKerutaError } from "@keruta/shared/domain";
import type { Cluster, LogOptions } from "../../cluster/cluster.ts";
import { answeredStatus, isTransient } from "../../cluster/index.ts";
import type { Pod } from "../../cluster/objects.ts";
import type { Timers } from "../../stages/timers.ts";
import { createPatience, type Patience, type PatienceDeps } from "./patience.ts";
import { pause } from "./pause.ts";
import { isPodGone } from "./sidecar-state.ts";
import { unlessSilent } from "./unless-silent.ts";

interface ReadPodLog {
  readonly log: Omit<LogOptions, "follow" | "timestamps">;
  readonly containerEnded: AbortSignal;
  readonly stop: AbortSignal;
}

/** The kubelet closes a log that it follows within a second or two of the container's end. */
const silenceAfterEnd = 5000;
const silenceOfRead = 60_000;

/**
 * One connection's bytes, with stamps: as they come while the container runs, and then all that are there. Throws
 * KRT_CLUSTER_CUT as well where the container has ended and nothing more comes.
 */
export function readPodLog(
  { cluster, timers }: { readonly cluster: Pick<Cluster, "readLog">; readonly timers: Pick<Timers, "after"> },
  { log, containerEnded, stop }: ReadPodLog,
): AsyncIterable<Uint8Array> {
  const options = { ...log, follow: !containerEnded.aborted, timestamps: true };
  const silence = options.follow
    ? { milliseconds: silenceAfterEnd, since: containerEnded, stop }
    : { milliseconds: silenceOfRead, stop };
  return unlessSilent({ timers }, silence, (signal) => cluster.readLog(options, signal));
}

/** Whether what a cluster says of a log may change: it was out of reach, or refused as while a container is made. */
export function mayHeal(error: unknown): boolean {
  return isTransient(error) || isKerutaError(error, "KRT_CLUSTER_REFUSED");
}

/** The kubelet says 400 or 404 while a container is being made, or when it is gone. */
function isLogNotReady(error: unknown): boolean {
  const status = isKerutaError(error, "KRT_CLUSTER_REFUSED") ? answeredStatus(error) : undefined;
  return status === 400 || status === 404;
}

/** Answers that there is no such log, of a container that has ended: from a kubelet that starts as well, for some seconds. */
const mostRefusals = 20;
const refusalWait = 500;

/** Patience with the log of a container that has ended: the kubelet keeps its file as long as there is the Pod. */
export function logPatience(
  { cluster, ...deps }: PatienceDeps & { readonly cluster: Pick<Cluster, "getPod"> },
  pod: Pod,
  stop: AbortSignal,
): Patience {
  let patience: Patience | undefined;
  let refusals = 0;
  return {
    renew() {
      patience?.renew();
      refusals = 0;
    },
    async mayAskAgain(error) {
      if (!isLogNotReady(error)) {
        patience ??= createPatience(deps, { isGone: () => isPodGone(cluster, pod), lost: stop });
        return await patience.mayAskAgain(error);
      }
      refusals += 1;
      if (refusals > mostRefusals || (await isPodGone(cluster, pod))) return false;
      await pause(deps, refusalWait, [stop]);
      return !stop.aborted;
    },
  };
}
