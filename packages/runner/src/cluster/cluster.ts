import type { KerutaError } from "@keruta/shared/domain";
import type {
  AppliedKind,
  AppliedManifest,
  ClusterEvent,
  Job,
  JobManifest,
  Namespace,
  Pod,
  SecretManifest,
  VolumeClaim,
  VolumeClaimManifest,
} from "./objects.ts";

/**
 * A Kubernetes cluster in keruta's words: one namespace of it, and only what keruta does there.
 *
 * What may well happen (an object is gone, another one has its name) is a value. Everything else is a KerutaError:
 * KRT_CLUSTER_UNREACHABLE (no answer, or 5xx: try again; see `isTransient`), KRT_CLUSTER_CERTIFICATE,
 * KRT_CLUSTER_UNAUTHORIZED (401), KRT_CLUSTER_FORBIDDEN (403), KRT_NAMESPACE_NOT_FOUND, KRT_CLUSTER_CONFLICT (409),
 * KRT_CLUSTER_REFUSED (any other 4xx), the last four with the server's own message. Where the server answered,
 * `details` has its `status` and `reason`.
 */
export interface Cluster {
  readonly server: string;
  readonly contextName: string;
  readonly namespace: string;
  /** Requests sent over this connection, by operation ("create job", "watch pods"); all namespaces together. */
  readonly requests: ReadonlyMap<string, number>;
  /** The same connection, for another namespace. */
  inNamespace(namespace: string): Cluster;
  /** The namespace's uid; where that must not be read, a digest of server and CA that begins with `sha256:`. */
  identity(signal?: AbortSignal): Promise<string>;
  /** Such as `v1.35.4`. */
  version(signal?: AbortSignal): Promise<string>;
  /** undefined where there is none; KRT_CLUSTER_FORBIDDEN where it must not be read. */
  getNamespace(signal?: AbortSignal): Promise<Namespace | undefined>;
  review(access: Access, signal?: AbortSignal): Promise<Review>;

  createJob(manifest: JobManifest, options?: CreateOptions): Promise<Created>;
  getJob(name: string, signal?: AbortSignal): Promise<Job | undefined>;
  /** A merge patch; nothing is changed unless the Job has this uid. */
  patchJob(name: string, uid: string, patch: object, signal?: AbortSignal): Promise<Patched>;
  getPod(name: string, signal?: AbortSignal): Promise<Pod | undefined>;
  listPods(selection: Selection, signal?: AbortSignal): Promise<readonly Pod[]>;
  /** From now on the scheduler may take the Pod, if this was its last gate. No error where it had none of this name. */
  removeGate(pod: string, uid: string, gate: string, signal?: AbortSignal): Promise<GateRemoved>;
  /** `deleted` says that the deletion has begun: the Pod may stay for its grace. */
  deletePod(name: string, uid: string, graceSeconds: number, signal?: AbortSignal): Promise<Deleted>;

  /** A PersistentVolumeClaim. */
  createClaim(manifest: VolumeClaimManifest, signal?: AbortSignal): Promise<"created" | "exists">;
  getClaim(name: string, signal?: AbortSignal): Promise<VolumeClaim | undefined>;
  listClaims(selection: Selection, signal?: AbortSignal): Promise<readonly VolumeClaim[]>;
  /** The claim stays until no Pod uses it any more. */
  deleteClaim(name: string, uid: string, signal?: AbortSignal): Promise<Deleted>;

  /** Makes the Secret, or gives the one of this name its labels and data: keruta may read none, to see whose it is. */
  putSecret(manifest: SecretManifest, signal?: AbortSignal): Promise<void>;
  /** From now on the Secret goes when the Job goes. */
  giveSecretTo(name: string, job: Job, signal?: AbortSignal): Promise<"patched" | "gone">;
  deleteSecret(name: string, signal?: AbortSignal): Promise<"deleted" | "gone">;

  /** Makes an object be as the manifest says, and leaves what others added to it. */
  apply(manifest: AppliedManifest, signal?: AbortSignal): Promise<Applied>;

  /** Deletes what keruta has made by `apply`; `kept`: an object of this name is there, and not keruta's. */
  remove(kind: AppliedKind, name: string, signal?: AbortSignal): Promise<Removed>;

  /**
   * What there is, then what changes, for ever: it heals itself and returns only when the signal aborts. It throws
   * what cannot heal: 401, 403, 404 and a certificate that is not trusted.
   */
  watch<K extends WatchKind>(
    kind: K,
    selection: WatchSelection,
    signal: AbortSignal,
  ): AsyncIterable<Change<ObjectOf[K]>>;

  /**
   * A container's log as the API gives it. It returns when the server closes, which is no proof that the container
   * has ended: the API server closes as cleanly when its own connection to the kubelet breaks. A connection that is
   * cut throws KRT_CLUSTER_CUT, an aborted signal its reason. With `follow`, nothing may come for any time.
   */
  readLog(options: LogOptions, signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /** Resolves when the command has been started (or is about to be); the signal cuts the connection at any time. */
  exec(options: ExecOptions, signal?: AbortSignal): Promise<Exec>;

  /** Ends all connections, also those that `inNamespace` shares. */
  close(): Promise<void>;
}

export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface WatchSelection extends Selection {
  /** Of events: those about objects whose name begins so. The server cannot select by it: the rest is dropped here. */
  readonly objectNamePrefix?: string;
}

export interface Access {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  /** API group; empty is the core group. */
  readonly group: string;
  /** Of one object alone. */
  readonly name?: string;
}

export interface Review {
  readonly allowed: boolean;
  /** The authorizer's own words, often empty. */
  readonly reason: string;
}

export interface CreateOptions {
  /** The server checks all and stores nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** `exists`: some Job has this name, perhaps one that is being deleted. */
export type Created = { readonly outcome: "created"; readonly job: Job } | { readonly outcome: "exists" };
/** `replaced`: another object has the name now. */
export type Patched =
  | { readonly outcome: "patched"; readonly job: Job }
  | { readonly outcome: "gone" }
  | { readonly outcome: "replaced" };
export type GateRemoved = "removed" | "gone" | "replaced";
export type Applied = "created" | "configured" | "unchanged";
export type Removed = "deleted" | "gone" | "kept";
export type Deleted = "deleted" | "gone" | "replaced";

export type WatchKind = "jobs" | "pods" | "events";

export interface ObjectOf {
  readonly jobs: Job;
  readonly pods: Pod;
  readonly events: ClusterEvent;
}

export type Change<T> =
  /** All that there is now: what the reader knows and is not in it is gone. Comes first, and after each interruption. */
  | { readonly type: "snapshot"; readonly items: readonly T[] }
  | { readonly type: "added" | "modified" | "deleted"; readonly object: T }
  /** The cluster does not answer; once for an outage, which ends with a snapshot. */
  | { readonly type: "interrupted"; readonly error: KerutaError };

export interface LogOptions {
  readonly pod: string;
  readonly container: string;
  /** RFC 3339; the server counts in whole seconds. */
  readonly sinceTime?: string;
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  readonly limitBytes?: number;
}

export interface ExecOptions {
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  /** Without it the command's stdin is closed. */
  readonly stdin?: boolean;
}

export interface Exec {
  readonly stdin: ExecStdin;
  /**
   * To be read to its end, or left early (which cuts the connection): unread bytes hold back everything behind them,
   * the exit code too. Throws KRT_CLUSTER_CUT where the connection broke. What is under way when the command ends may
   * be cut off all the same, and the exit code be 0 (kubernetes/kubernetes#124571): who needs the end marks it.
   */
  readonly stdout: AsyncIterable<Uint8Array>;
  /** The last 8 KiB of stderr so far. */
  stderr(): string;
  /** Rejects with KRT_CLUSTER_CUT where the connection ended without one; it never says 0 then. */
  readonly exitCode: Promise<number>;
}

export interface ExecStdin {
  /** Resolves when the bytes have left this process. */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes the command's stdin: Kubernetes ≥ 1.30, else KRT_CLUSTER_REFUSED. */
  end(): Promise<void>;
}
