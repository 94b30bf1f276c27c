import type { PlanInput } from "./planning.ts";
import { aPlan } from "./plan.fixture.ts";

const image = "example/docs:1";

const template = `
apiVersion: batch/v1
kind: Job
metadata:
  labels: { cost-centre: "42" }
spec:
  template:
    metadata:
      annotations: { prometheus.io/scrape: "false" }
    spec:
      priorityClassName: system-cluster-critical
      tolerations: [{ key: spot, operator: Exists }]
      initContainers:
        - name: certificates
          image: localhost/keruta-test/busybox:1
          command: [cp, /etc/hosts, /certificates/]
          volumeMounts: [{ name: certificates, mountPath: /certificates }]
        - name: keruta
          resources: { limits: { cpu: 500m } }
      containers:
        - name: main
          env:
            - { name: HTTPS_PROXY, value: "http://proxy:3128" }
            - { name: MODE, value: template }
            - { name: PROXY_TOKEN, valueFrom: { secretKeyRef: { name: proxy, key: token } } }
          volumeMounts: [{ name: certificates, mountPath: /certificates, readOnly: true }]
      volumes:
        - { name: certificates, emptyDir: {} }
`;

/** One golden file each. */
export const goldenCases: Readonly<Record<string, PlanInput>> = {
  minimal: aPlan({ image, command: ["true"] }),
  everything: aPlan(
    {
      image: "example/docs:$(KERUTA_ATTEMPT)",
      imagePullPolicy: "IfNotPresent",
      command: ["make", "docs", "$(KERUTA_TASK_ID)"],
      args: ["pid=$$", "$(TOKEN)"],
      env: { MODE: "full", PRICE: "5$", OUT: "/out/$(KERUTA_TASK_ID)/$(NPM_TOKEN)" },
      secretEnv: { NPM_TOKEN: { secret: "npm", key: "token" } },
      repository: {
        url: "https://example.com/r.git",
        ref: "main",
        depth: 1,
        secret: "git",
        submodules: true,
      },
      volumes: [
        { name: "cache", pvc: { claim: "build-cache" }, mountPath: "/cache", subPath: "docs" },
        { name: "scratch", pvc: { size: "1Gi", storageClass: "standard" }, mountPath: "/scratch" },
        { name: "tmp", emptyDir: { sizeLimit: "1Gi" }, mountPath: "/tmp" },
        {
          name: "cert",
          secret: { secretName: "cert", defaultMode: 288 },
          mountPath: "/cert",
          readOnly: true,
        },
        { name: "config", configMap: { name: "c", items: [{ key: "a", path: "b" }] }, mountPath: "/config" },
        { name: "all", projected: { sources: [{ secret: { name: "cert" } }] }, mountPath: "/all" },
      ],
      resources: { requests: { cpu: "500m", memory: "256Mi" }, limits: { cpu: "1", memory: "300M" } },
      artifacts: { paths: ["out/**", "$(x)/*"], maxBytes: "10Mi", required: true },
      timeout: "30m",
      pendingTimeout: "10m",
      restartPolicy: "OnFailure",
      restarts: 2,
      namespace: "docs",
      serviceAccount: "builder",
      runAsUser: 1000,
      runAsGroup: 1000,
      nodeSelector: { disk: "ssd" },
      tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }],
      imagePullSecrets: ["registry"],
    },
    { "keruta.git.image": "example/git:2", "keruta.agent.image": "example/agent:9" },
  ),
  script: aPlan({ image, script: "echo $HOME $(KERUTA_TASK_ID)\n" }, { "keruta.agent.control-lines": "off" }),
  restricted: aPlan({
    image,
    command: ["true"],
    securityProfile: "restricted",
    repository: { url: "ssh://git@example.com/r.git", secret: "ssh" },
  }),
  "clone-as-root": aPlan({ image, command: ["true"], repository: { url: "https://example.com/r.git" } }),
  "clone-into-claim": aPlan({
    image,
    command: ["true"],
    repository: { url: "https://example.com/r.git", path: "/data/src", clean: true },
    volumes: [{ name: "repo", pvc: { size: "1Gi" }, mountPath: "/data" }],
  }),
  "volume-in-clone": aPlan({
    image,
    command: ["true"],
    repository: { url: "https://example.com/r.git" },
    volumes: [{ name: "modules", pvc: { claim: "modules" }, mountPath: "/workspace/node_modules" }],
  }),
  "agent-in-image": aPlan({ image, command: ["make", "a$b"], agent: "image" }),
  "agent-in-image-with-server": aPlan(
    { image, command: ["make"], agent: "image" },
    { "keruta.agent.api-url": "http://keruta-api.keruta.svc:8080" },
  ),
  "with-server": aPlan(
    { image, command: ["echo", "$(KERUTA_API_URL)"] },
    { "keruta.agent.api-url": "http://keruta-api.keruta.svc:8080" },
  ),
  "with-server-and-one-secret": aPlan(
    { image, command: ["true"] },
    {
      "keruta.agent.api-url": "http://keruta-api.keruta.svc:8080",
      "keruta.agent.token-secret": "keruta-api-token",
      "keruta.agent.report-wait": "0s",
    },
  ),
  "agent-none": aPlan({
    image,
    command: ["/bin/echo"],
    args: ["$$", "$(HOME)"],
    agent: "none",
    resources: { limits: { memory: "64Mi" } },
  }),
  entrypoint: aPlan({ image, args: ["--help"] }),
  "default-command": aPlan(
    { args: ["a"] },
    { "keruta.job.default-command": '["make"]', "keruta.kubernetes.default-image": "example/default:1" },
  ),
  template: aPlan(
    { image, command: ["true"], env: { MODE: "task" }, repository: { url: "https://example.com/r.git" } },
    { "keruta.job.template": template },
  ),
};
