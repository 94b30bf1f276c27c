/**
 * The fields of Kubernetes objects that an attempt's state is read from, as the API server sends them (`batch/v1`
 * Job, `v1` Pod and Event): absent where the server left them out, times in ISO 8601, mostly whole seconds.
 */
export interface ClusterJob {
  readonly metadata: ClusterMetadata;
  readonly status?: { readonly conditions?: readonly ClusterCondition[] | null };
}

export interface ClusterPod {
  readonly metadata: ClusterMetadata;
  readonly spec?: { readonly nodeName?: string; readonly activeDeadlineSeconds?: number };
  readonly status?: ClusterPodStatus;
}

export interface ClusterMetadata {
  readonly name?: string;
  readonly uid?: string;
  readonly creationTimestamp?: string;
  /** When its grace is over: the deletion was asked for `deletionGracePeriodSeconds` earlier. */
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
}

export interface ClusterPodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  /** When the kubelet took the Pod; `activeDeadlineSeconds` counts from here. */
  readonly startTime?: string;
  readonly conditions?: readonly ClusterCondition[] | null;
  readonly initContainerStatuses?: readonly ClusterContainerStatus[] | null;
  readonly containerStatuses?: readonly ClusterContainerStatus[] | null;
}

export interface ClusterCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
}

export interface ClusterContainerStatus {
  readonly name: string;
  /** Of a sidecar: its postStart is done. */
  readonly started?: boolean | null;
  readonly restartCount?: number;
  readonly imageID?: string;
  /** Of the last one that was made; it stays when that is lost. */
  readonly containerID?: string;
  readonly state?: ClusterContainerState;
  readonly lastState?: ClusterContainerState;
}

export interface ClusterContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string | null };
  readonly terminated?: ClusterTermination;
}

export interface ClusterTermination {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  /** What the container wrote to its termination message, or the runtime's words where it never started. */
  readonly message?: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
}

export interface ClusterEvent {
  readonly involvedObject: {
    readonly kind?: string;
    readonly uid?: string;
    /** `spec.containers{main}` where it is about one container. */
    readonly fieldPath?: string;
  };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  /** The scheduler's events have `eventTime` alone. */
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string | null } | null;
}
