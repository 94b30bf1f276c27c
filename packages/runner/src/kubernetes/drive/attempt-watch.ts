import type { Change, Cluster, ObjectOf, WatchKind, WatchSelection } from "../../cluster/cluster.ts";
import type { ClusterEvent, Job, ObjectMeta, Pod } from "../../cluster/objects.ts";
import type { KerutaError } from "@keruta/shared/domain";
import { podsOf } from "./select-by-labels.ts";

/** What the cluster says of one attempt, as far as it is known now. */
export interface AttemptState {
  /** undefined until the first snapshot; null where it is gone. */
  readonly job: Job | null | undefined;
  /** In the order in which they came to be; one that was deleted stays, as it was last seen. */
  readonly pods: readonly SeenPod[];
  readonly events: readonly ClusterEvent[];
  /**
   * The watches have said what there is. Events only explain what Job and Pods show, and are the longest list: while
   * they cannot be had, the attempt goes on without them.
   */
  readonly isKnown: boolean;
  /** Set while of Job or Pods something may be missing. */
  readonly interruption: KerutaError | null;
}

interface SeenPod {
  readonly pod: Pod;
  readonly isGone: boolean;
}

export interface AttemptWatch {
  look(): AttemptState;
  /** Resolves at the first change since the last look, which may have been already, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
  /** Throws what a watch could not heal. */
  stop(): Promise<void>;
}

export interface AttemptWatchOptions {
  readonly cluster: Cluster;
  readonly job: Job;
}

/** Watches the attempt's Job, its Pods and the Events of both. */
export function watchAttempt({ cluster, job }: AttemptWatchOptions): AttemptWatch {
  const stopped = new AbortController();
  const jobs = createSeen<Job>([job]);
  const pods = createSeen<Pod>([]);
  const events = createSeen<ClusterEvent>([]);
  const interrupted = new Map<WatchKind, KerutaError>();
  let waiting: (() => void)[] = [];
  let isNew = false;
  let failure: unknown;

  const wake = () => {
    isNew = true;
    for (const resolve of waiting.splice(0)) resolve();
  };
  const run = async <K extends WatchKind>(kind: K, selection: WatchSelection, seen: Seen<ObjectOf[K]>) => {
    try {
      for await (const change of cluster.watch(kind, selection, stopped.signal)) {
        if (change.type === "interrupted") interrupted.set(kind, change.error);
        else interrupted.delete(kind);
        seen.take(change);
        wake();
      }
    } catch (error) {
      failure ??= error;
      wake();
    }
  };
  const { name, uid } = job.metadata;
  const running = Promise.all([
    run("jobs", { fieldSelector: `metadata.name=${name}` }, jobs),
    run("pods", podsOf(job.metadata), pods),
    // Events name their object only: those of the Job and of its Pods, whose names begin with the Job's.
    run("events", { objectNamePrefix: name }, events),
  ]);
  const isOurs = (event: ClusterEvent) => {
    const { involvedObject } = event;
    return involvedObject.uid === uid || pods.has(involvedObject.uid);
  };

  return {
    look() {
      isNew = false;
      const own = jobs.list().find((seen) => seen.object.metadata.uid === uid);
      return {
        job: own && !own.isGone ? own.object : jobs.isKnown ? null : undefined,
        pods: pods.list().map(({ object, isGone }) => ({ pod: object, isGone })),
        events: events
          .list()
          .map(({ object }) => object)
          .filter(isOurs),
        isKnown: jobs.isKnown && pods.isKnown && (events.isKnown || interrupted.has("events")),
        interruption: interrupted.get("jobs") ?? interrupted.get("pods") ?? null,
      };
    },
    async changed(signal) {
      if (failure !== undefined) throw failure as Error;
      if (isNew || signal.aborted) return;
      await new Promise<void>((resolve) => {
        const end = () => {
          signal.removeEventListener("abort", end);
          resolve();
        };
        waiting.push(end);
        signal.addEventListener("abort", end);
      });
      if (failure !== undefined) throw failure as Error;
    },
    async stop() {
      stopped.abort();
      waiting = [];
      await running;
    },
  };
}

interface Seen<T> {
  take(change: Exclude<Change<T>, { type: "interrupted" }> | Change<T>): void;
  list(): readonly { readonly object: T; readonly isGone: boolean }[];
  has(uid: string | undefined): boolean;
  readonly isKnown: boolean;
}

function createSeen<T extends { readonly metadata: ObjectMeta }>(first: readonly T[]): Seen<T> {
  const objects = new Map<string, { object: T; isGone: boolean }>();
  let isKnown = false;
  const put = (object: T, isGone: boolean) => objects.set(object.metadata.uid, { object, isGone });
  for (const object of first) put(object, false);
  return {
    take(change) {
      switch (change.type) {
        case "interrupted":
          return;
        case "snapshot": {
          isKnown = true;
          const present = new Set(change.items.map(({ metadata }) => metadata.uid));
          for (const [uid, { object }] of objects) if (!present.has(uid)) put(object, true);
          for (const object of change.items) put(object, false);
          return;
        }
        case "added":
        case "modified":
          put(change.object, false);
          return;
        case "deleted":
          put(change.object, true);
      }
    },
    list: () => [...objects.values()],
    has: (uid) => uid !== undefined && objects.has(uid),
    get isKnown() {
      return isKnown;
    },
  };
}
