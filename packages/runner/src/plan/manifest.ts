/** What keruta writes into Kubernetes objects, under the names the API gives it; a template may add any other field. */
export interface JobManifest {
  readonly apiVersion: "batch/v1";
  readonly kind: "Job";
  readonly metadata: MetadataManifest & { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly backoffLimit: 0;
    readonly completions: 1;
    readonly parallelism: 1;
    readonly ttlSecondsAfterFinished: number;
    readonly template: { readonly metadata: MetadataManifest; readonly spec: PodManifest };
  };
}

export interface MetadataManifest {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PodManifest {
  readonly schedulingGates: readonly { readonly name: string }[];
  readonly restartPolicy: "Never";
  readonly activeDeadlineSeconds: number;
  readonly terminationGracePeriodSeconds: number;
  readonly automountServiceAccountToken: false;
  readonly enableServiceLinks: false;
  readonly serviceAccountName?: string;
  readonly securityContext: PodSecurity;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly object[];
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly initContainers: readonly ContainerManifest[];
  readonly containers: readonly ContainerManifest[];
  readonly volumes: readonly VolumeManifest[];
}

export interface PodSecurity {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: true;
  readonly fsGroup?: number;
  readonly fsGroupChangePolicy?: "OnRootMismatch";
  readonly seccompProfile: { readonly type: "RuntimeDefault" };
}

export interface ContainerSecurity {
  readonly allowPrivilegeEscalation: false;
  readonly readOnlyRootFilesystem?: true;
  readonly runAsUser?: number;
  readonly capabilities?: { readonly drop: readonly string[]; readonly add?: readonly string[] };
}

export interface ContainerManifest {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly restartPolicy?: "Always";
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly VariableManifest[];
  readonly resources?: ResourcesManifest;
  readonly lifecycle?: { readonly postStart: { readonly exec: { readonly command: readonly string[] } } };
  readonly securityContext: ContainerSecurity;
  readonly volumeMounts: readonly MountManifest[];
}

export type VariableManifest =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly valueFrom: { readonly secretKeyRef: SecretKeyManifest } };

interface SecretKeyManifest {
  readonly name: string;
  readonly key: string;
}

export interface ResourcesManifest {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface MountManifest {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
}

/** `name` and one source. */
export type VolumeManifest = { readonly name: string } & Readonly<Record<string, unknown>>;

export interface ClaimManifest {
  readonly apiVersion: "v1";
  readonly kind: "PersistentVolumeClaim";
  readonly metadata: MetadataManifest & { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly accessModes: readonly string[];
    readonly storageClassName?: string;
    readonly resources: { readonly requests: { readonly storage: string } };
  };
}
