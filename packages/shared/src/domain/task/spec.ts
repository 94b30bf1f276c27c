/** What a task asks for, as its file says it, checked. `completeSpec` fills in defaults and reads times and sizes. */
export interface TaskSpec {
  readonly image?: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /** Absent: the setting's command, else the image's own entrypoint. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Text for `sh -e`, instead of `command`. */
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly secretEnv?: Readonly<Record<string, SecretKey>>;
  readonly repository?: Repository;
  readonly volumes?: readonly Volume[];
  readonly resources?: Resources;
  readonly artifacts?: ArtifactsSpec;
  /** Duration, for example `30m`. */
  readonly timeout?: string;
  readonly pendingTimeout?: string;
  readonly retry?: RetrySpec;
  readonly restartPolicy?: "Never" | "OnFailure";
  readonly restarts?: number;
  readonly runner?: RunnerName;
  readonly agent?: "inject" | "image" | "none";
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly runAsUser?: number | null;
  readonly runAsGroup?: number | null;
  readonly fsGroup?: number | null;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly imagePullSecrets?: readonly string[];
  readonly securityProfile?: "baseline" | "restricted";
  readonly concurrency?: ConcurrencySpec;
  /** ISO 8601 with a zone. */
  readonly notBefore?: string;
  readonly deadline?: string;
  readonly hold?: boolean;
  readonly retention?: { readonly logs?: string; readonly artifacts?: string };
}

export const runnerNames = ["kubernetes", "local"] as const;
export type RunnerName = (typeof runnerNames)[number];

export interface SecretKey {
  readonly secret: string;
  readonly key: string;
}

export interface Repository {
  readonly url?: string;
  readonly ref?: string;
  /** Commits of history; 0 is the whole history. */
  readonly depth?: number;
  readonly path?: string;
  readonly secret?: string;
  readonly submodules?: boolean;
  /** In a kept volume, also remove untracked files when updating. */
  readonly clean?: boolean;
}

export interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface ArtifactsSpec {
  readonly paths?: readonly string[];
  /** Of one file, for example `100Mi`. */
  readonly maxBytes?: string;
  readonly required?: boolean;
}

export interface RetrySpec {
  /** Attempts in all, the first included. */
  readonly attempts?: number;
  /** Each a category, a reason, or an exit code. */
  readonly on?: readonly (string | number)[];
  readonly backoff?: string;
}

export const conflictPolicies = ["wait", "replace", "refuse"] as const;
export type ConflictPolicy = (typeof conflictPolicies)[number];

export interface ConcurrencySpec {
  readonly key?: string;
  readonly limit?: number;
  readonly onConflict?: ConflictPolicy;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: "Exists" | "Equal";
  readonly value?: string;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  readonly tolerationSeconds?: number;
}

interface VolumeBase {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
}

export interface KeyToPath {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}

export interface PvcSource {
  readonly claim?: string;
  readonly size?: string;
  readonly accessMode?: "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany" | "ReadOnlyMany";
  readonly storageClass?: string;
  readonly retain?: boolean;
}

export interface SecretSource {
  readonly secretName: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
  readonly defaultMode?: number;
}

export interface ConfigMapSource {
  readonly name: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
  readonly defaultMode?: number;
}

export interface ProjectedSource {
  readonly sources: readonly Readonly<Record<string, unknown>>[];
  readonly defaultMode?: number;
}

/** Exactly one source is set. */
export interface Volume extends VolumeBase {
  readonly pvc?: PvcSource;
  readonly emptyDir?: { readonly sizeLimit?: string; readonly medium?: "" | "Memory" };
  readonly secret?: SecretSource;
  readonly configMap?: ConfigMapSource;
  readonly projected?: ProjectedSource;
}
