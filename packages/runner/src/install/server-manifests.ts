import { managedBy, ownObjects, podLabels } from "@keruta/shared/domain";
import type { AppliedManifest } from "../cluster/objects.ts";
import { accountName } from "./manifests.ts";
import { programPod } from "./program-pod.ts";

export interface ServerInstallOptions {
  /** Where server and workers run. */
  readonly namespace: string;
  readonly image: string;
  /** Of the tasks' sidecars; null: that of this version. */
  readonly agentImage: string | null;
  /** Where tasks run that name no namespace. */
  readonly taskNamespace: string;
  /**
   * The Secret whose key `url` is PostgreSQL's; null: SQLite on the volume, and one Pod that serves and works, since a
   * file has one machine.
   */
  readonly databaseSecret: string | null;
  /** Credentials of an archive in S3, as the AWS SDK's variables; null: none, or the node's own. */
  readonly archiveSecret: string | null;
  /** The Secret whose keys are notifications' secrets, each without its KERUTA_NOTIFY_; null: there is none. */
  readonly notifySecret: string | null;
  readonly workers: number;
  /** Attempts at once of each worker. */
  readonly concurrency: number;
  readonly storage: {
    readonly size: string;
    readonly storageClass: string | null;
    readonly accessMode: "ReadWriteOnce" | "ReadWriteMany";
  };
  /** An init container makes the volume keruta's, where its driver pays no heed to fsGroup. */
  readonly ownsVolume: boolean;
}

export const serviceName = "keruta-api";
export const workerName = "keruta-worker";
const volumeName = ownObjects.claim;
/** The first administrator's token, made by the server at its first start. */
export const adminTokenSecret = `${ownObjects.secretPrefix}admin-token`;
const port = 8080;

/** Server and workers in a cluster, in the order in which they are applied. */
export function serverManifests(options: ServerInstallOptions): readonly AppliedManifest[] {
  const { namespace, image, agentImage, taskNamespace, databaseSecret, workers, concurrency, storage } =
    options;
  const named = (name: string) => ({ name, namespace, labels: labelsOf(name) });
  const pod = {
    image,
    databaseSecret,
    archiveSecret: options.archiveSecret,
    volumeName,
    accountName,
    ownsVolume: options.ownsVolume,
    settings: {
      KERUTA_KUBERNETES_DEFAULT_NAMESPACE: taskNamespace,
      // A task that ran as a process here would read the environment and the files of what drives it.
      KERUTA_WORKER_RUNNERS: "kubernetes",
      KERUTA_POLICY_RUNNERS: "kubernetes",
      KERUTA_AGENT_API_URL: `http://${serviceName}.${namespace}:${String(port)}`,
      ...(agentImage !== null && { KERUTA_AGENT_IMAGE: agentImage }),
    },
  };
  const isOnFile = databaseSecret === null;
  const listen = [
    "--listen",
    `0.0.0.0:${String(port)}`,
    "--tls-in-front",
    "--admin-token-secret",
    // Tasks' own namespace would give it to them.
    `${namespace}/${adminTokenSecret}`,
  ];
  const own = isOnFile ? ["--worker", "--concurrency", String(concurrency)] : [];
  const server = programPod({
    ...pod,
    name: serviceName,
    labels: labelsOf(serviceName),
    args: ["serve", ...listen, ...own],
    notifySecret: options.notifySecret,
    port,
    graceSeconds: 30,
  });
  const worker = programPod({
    ...pod,
    name: workerName,
    labels: labelsOf(workerName),
    // Only a server notifies.
    notifySecret: null,
    args: ["worker", "--concurrency", String(concurrency), "--grace", "40s"],
    port: null,
    graceSeconds: 60,
  });
  return [
    roleToWriteToken(named(serviceName)),
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: named(serviceName),
      roleRef: { apiGroup: rbac, kind: "Role", name: serviceName },
      subjects: [{ kind: "ServiceAccount", name: accountName, namespace }],
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: named(volumeName),
      spec: {
        accessModes: [storage.accessMode],
        resources: { requests: { storage: storage.size } },
        ...(storage.storageClass !== null && { storageClassName: storage.storageClass }),
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: named(serviceName),
      spec: {
        selector: selectorOf(serviceName),
        ports: [{ name: "http", port, targetPort: "http", protocol: "TCP" }],
      },
    },
    deployment(named(serviceName), 1, server, isOnFile ? "Recreate" : "RollingUpdate"),
    ...(isOnFile ? [] : [deployment(named(workerName), workers, worker, "RollingUpdate")]),
    ...[serviceName, ...(isOnFile ? [] : [workerName])].map((name) => disruptionBudget(named(name))),
  ];
}

const rbac = "rbac.authorization.k8s.io";
const nameLabel = "app.kubernetes.io/name";

function labelsOf(name: string): Readonly<Record<string, string>> {
  return { [podLabels.managedBy]: managedBy, ...selectorOf(name) };
}

function selectorOf(name: string): Readonly<Record<string, string>> {
  return { [nameLabel]: name };
}

/** A Role cannot bound a create to a name; that it may write no other that is there already, it can. */
function roleToWriteToken(metadata: AppliedManifest["metadata"]): AppliedManifest {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "Role",
    metadata,
    rules: [
      { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: [adminTokenSecret], verbs: ["patch"] },
    ],
  };
}

function deployment(
  metadata: AppliedManifest["metadata"],
  replicas: number,
  template: object,
  strategy: "RollingUpdate" | "Recreate",
): AppliedManifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      replicas,
      // A new one serves before the old one goes.
      strategy:
        strategy === "Recreate"
          ? { type: strategy }
          : { type: strategy, rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: selectorOf(metadata.name) },
      template,
    },
  };
}

function disruptionBudget(metadata: AppliedManifest["metadata"]): AppliedManifest {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata,
    // With one replica a minimum of one would keep its node from ever being drained.
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(metadata.name) } },
  };
}
