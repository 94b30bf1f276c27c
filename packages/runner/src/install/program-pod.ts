export interface ProgramPodOptions {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly args: readonly string[];
  /** null for what serves nothing. */
  readonly port: number | null;
  readonly databaseSecret: string | null;
  /** Its keys are the AWS SDK's variables, for an archive of logs in S3. */
  readonly archiveSecret: string | null;
  readonly notifySecret: string | null;
  /** Settings, by variable. */
  readonly settings: Readonly<Record<string, string>>;
  readonly volumeName: string;
  readonly ownsVolume: boolean;
  readonly accountName: string;
  readonly graceSeconds: number;
}

/** nobody's: no file of a node belongs to it. */
const user = 65_532;

/** The Pod template of keruta's own programs, as the Pod Security profile `restricted` wants it. */
export function programPod(options: ProgramPodOptions): object {
  const {
    name,
    labels,
    image,
    args,
    port,
    databaseSecret,
    archiveSecret,
    notifySecret,
    settings,
    volumeName,
    ownsVolume,
    accountName,
    graceSeconds,
  } = options;
  const envFrom = [
    ...(archiveSecret === null ? [] : [{ secretRef: { name: archiveSecret } }]),
    ...(notifySecret === null ? [] : [{ prefix: "KERUTA_NOTIFY_", secretRef: { name: notifySecret } }]),
  ];
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 5 });
  return {
    metadata: { labels },
    spec: {
      serviceAccountName: accountName,
      automountServiceAccountToken: true,
      // Variables of each Service would be settings to keruta: KERUTA_API_URL is not to come from a name.
      enableServiceLinks: false,
      terminationGracePeriodSeconds: graceSeconds,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(ownsVolume && { initContainers: [volumeOwner(image)] }),
      containers: [
        {
          name,
          image,
          imagePullPolicy: "IfNotPresent",
          args,
          env: [
            ...(databaseSecret === null
              ? []
              : [
                  {
                    name: "KERUTA_DB",
                    valueFrom: { secretKeyRef: { name: databaseSecret, key: "url" } },
                  },
                ]),
            ...Object.entries(settings).map(([variable, value]) => ({ name: variable, value })),
            { name: "KERUTA_ARTIFACTS_STORE", value: "/var/lib/keruta/artifacts" },
          ],
          ...(envFrom.length > 0 && { envFrom }),
          ...(port !== null && {
            ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
            startupProbe: { ...probe("/healthz"), periodSeconds: 1, failureThreshold: 60 },
            livenessProbe: { ...probe("/healthz"), periodSeconds: 10, failureThreshold: 3 },
            readinessProbe: { ...probe("/readyz"), periodSeconds: 5, failureThreshold: 2 },
          }),
          resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            { name: "data", mountPath: "/var/lib/keruta" },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: volumeName } },
        { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
      ],
    },
  };
}

/**
 * Volumes of the kind hostPath, and of some drivers, pay no heed to fsGroup and come as root's alone. As root, with the
 * one capability that it takes; a namespace that enforces `restricted` does not admit it.
 */
function volumeOwner(image: string): object {
  const owner = String(user);
  return {
    name: "own-volume",
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/node", "-e", `require("node:fs").chownSync("/var/lib/keruta", ${owner}, ${owner})`],
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    securityContext: {
      runAsNonRoot: false,
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: ["CHOWN"] },
    },
    volumeMounts: [{ name: "data", mountPath: "/var/lib/keruta" }],
  };
}
