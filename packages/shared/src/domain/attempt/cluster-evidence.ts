import type { Settings } from "../settings/effective.ts";
import type { AttemptPhase } from "./attempt.ts";
import type { ClusterEvent, ClusterPod } from "./cluster-objects.ts";
import type { Category, Reason } from "./reason.ts";

/** All that a driver has seen of one attempt's Job. */
export interface ClusterEvidence {
  /** No Pod comes any more: the Job was there and is not, or it has ended. */
  readonly jobGone: boolean;
  /** The attempt's Pod as last seen, null before the first; `podGone` says that it is no longer there. */
  readonly pod: ClusterPod | null;
  readonly podGone: boolean;
  /** Of Job and Pods, in any order. */
  readonly events: readonly ClusterEvent[];
  /** When the Job was created, milliseconds by the driver's clock: `pendingTimeout` counts from here. */
  readonly createdAt: number;
  /** From the last observation. Kubernetes does not say since when a container waits for what it waits for. */
  readonly wait: Wait | null;
  /** From the last observation; see `Observation`. */
  readonly terminatingSince: number | null;
}

/** What the start of the command waits for. */
export interface Wait {
  /** The same for as long as it is the same wait. */
  readonly key: string;
  /** When the driver first saw it, milliseconds. */
  readonly since: number;
  /** What the attempt ends with if the wait does not. */
  readonly failure: StartFailure;
  /** False while all goes its way. */
  readonly trouble: boolean;
}

/** Why the command cannot start. */
export interface StartFailure {
  readonly reason: Reason;
  readonly category: Category;
  /** One sentence, with the cluster's own words where it said some. */
  readonly message: string;
}

/** Milliseconds that each trouble may last before the attempt ends. */
export interface ClusterGraces {
  readonly image: number;
  readonly config: number;
  readonly scheduling: number;
  readonly quota: number;
  readonly crashLoop: number;
  readonly sidecar: number;
  /** Of the attempt: from the Job's creation to the command's start. */
  readonly pendingTimeout: number;
}

export interface Observation {
  readonly phase: Exclude<AttemptPhase, "Submitting" | "Done">;
  /** The command has ended, or can no longer start: `clusterEnd` says how. */
  readonly ended: boolean;
  /** Set where the start must be given up now: end the Job, and settle with this as `ClusterEnd.failure`. */
  readonly failure: StartFailure | null;
  /** Goes into the next observation's evidence. */
  readonly wait: Wait | null;
  /**
   * When the deletion of the Pod was asked for, milliseconds by the API server's clock; null where it was not, or
   * nobody saw it. Goes into the next observation's evidence, since the Pod may tell another time later: a second
   * request whose shorter grace has passed already counts from itself (measured on Kubernetes 1.35).
   */
  readonly terminatingSince: number | null;
  /** Milliseconds: when to observe again though nothing changed; null where time alone changes nothing. */
  readonly lookAgainAt: number | null;
  readonly podName: string | null;
  readonly node: string | null;
  /** Of the main container, as the node resolved it. */
  readonly imageId: string | null;
  /** When the main container started, ISO 8601 of whole seconds by the node's clock. */
  readonly commandStartedAt: string | null;
}

/** The pending timeout is the task's own word or the setting's: `CompleteSpec.pendingTimeout`. */
export function clusterGraces(settings: Settings, pendingTimeout: number): ClusterGraces {
  return {
    image: settings.get("keruta.kubernetes.grace.image"),
    config: settings.get("keruta.kubernetes.grace.config"),
    scheduling: settings.get("keruta.kubernetes.grace.scheduling"),
    quota: settings.get("keruta.kubernetes.grace.quota"),
    crashLoop: settings.get("keruta.kubernetes.grace.crash-loop"),
    sidecar: settings.get("keruta.kubernetes.grace.sidecar"),
    pendingTimeout,
  };
}
