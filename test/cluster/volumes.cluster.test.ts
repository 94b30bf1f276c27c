import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { show, submit } from "./submitted.ts";

let cluster: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
  await cluster.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "vault" },
    stringData: { password: secretValue, pin: "123", file: "secret file\n" },
  });
  await cluster.apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "config" },
    data: { "app.conf": "mode=full\n", other: "no" },
  });
  await cluster.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "runs-tasks" } });
});
afterAll(() => cluster[Symbol.asyncDispose]());

const secretValue = "pa$$w0rd-of-the-vault";
const script = (text: string) => ({ command: ["sh", "-c", text] });

describe("a task has what it asks for", () => {
  test.concurrent("volumes of every kind", async () => {
    const submitted = await submit(cluster, {
      ...script(
        [
          "cat /secret/file /config/app.conf /all/renamed /all/labels; ls /one",
          "echo scratch > /scratch/a; cat /scratch/a",
          "echo no 2>/dev/null > /read/only/a || echo refused",
          "echo no 2>/dev/null > /secret/file || echo refused",
          "df -k /scratch | tail -1 | wc -l",
        ].join("; "),
      ),
      volumes: [
        {
          name: "secret",
          secret: { secretName: "vault", items: [{ key: "file", path: "file" }] },
          mountPath: "/secret",
        },
        { name: "config", configMap: { name: "config" }, mountPath: "/config", readOnly: true },
        { name: "one", configMap: { name: "config" }, mountPath: "/one/app.conf", subPath: "app.conf" },
        { name: "scratch", emptyDir: { sizeLimit: "10Mi" }, mountPath: "/scratch" },
        { name: "read", emptyDir: {}, mountPath: "/read/only", readOnly: true },
        {
          name: "all",
          projected: {
            sources: [
              { configMap: { name: "config", items: [{ key: "other", path: "renamed" }] } },
              {
                downwardAPI: {
                  items: [
                    { path: "labels", fieldRef: { fieldPath: "metadata.labels['keruta.dev/attempt']" } },
                  ],
                },
              },
            ],
          },
          mountPath: "/all",
        },
      ],
    });
    const ended = await submitted.ended;
    expect([ended.code, ended.stdout.toString()]).toEqual([
      0,
      "secret file\nmode=full\nno1app.conf\nscratch\nrefused\nrefused\n1\n",
    ]);
  });

  test.concurrent("its ServiceAccount, nodes, tolerations, pull Secrets and no token", async () => {
    const submitted = await submit(cluster, {
      ...script("ls /var/run/secrets/kubernetes.io 2>&1 | head -1"),
      serviceAccount: "runs-tasks",
      nodeSelector: { "kubernetes.io/os": "linux" },
      tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }],
      imagePullSecrets: ["registry"],
    });
    const ended = await submitted.ended;
    expect([ended.code, ended.stdout.toString()]).toEqual([0, expect.stringContaining("No such file")]);
    const id = await submitted.id();
    const pods = JSON.parse(
      await cluster.kubectl("get", "pods", "-l", `keruta.dev/task-id=${id}`, "-o", "json"),
    ) as { items: readonly { spec: object }[] };
    expect(pods.items[0]?.spec).toMatchObject({
      serviceAccountName: "runs-tasks",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      nodeSelector: { "kubernetes.io/os": "linux" },
      tolerations: expect.arrayContaining([{ key: "gpu", operator: "Exists", effect: "NoSchedule" }]),
      imagePullSecrets: [{ name: "registry" }],
    });
  });

  test.concurrent("what the base template adds, and not what keruta's promises rest on", async () => {
    const template = (yaml: string) => ({ env: { KERUTA_JOB_TEMPLATE: yaml } });
    const added =
      "spec: {template: {metadata: {labels: {team: docs}}, spec: {priorityClassName: system-node-critical}}}";
    const submitted = await submit(cluster, script("true"), template(added));
    // That class is for kube-system alone: the cluster's refusal shows that it was asked.
    expect((await submitted.ended).lastWord).toMatch(/system-node-critical|COMPLETED/);
    const refused = await submit(cluster, script("true"), template("spec: {backoffLimit: 3}"));
    expect((await refused.ended).lastWord + (await refused.ended).stderr).toMatch(/spec\.backoffLimit/);
  });
});

describe("a secret value", () => {
  test("is in no manifest, log, answer, error or database, nor in what was printed", async () => {
    const artifacts = join(cluster.directory, "secret-artifacts");
    const submitted = await submit(
      cluster,
      {
        ...script(
          [
            'echo "password is $PASSWORD, pin $PIN"',
            "cat /vault/password",
            'printf %s "$PASSWORD" | base64',
            'echo "$PASSWORD" >&2',
            'keruta-agent progress 10 "uses $PASSWORD"',
            "echo ::keruta:log ERROR leaked $PASSWORD",
            "exit 9",
          ].join("; "),
        ),
        secretEnv: { PASSWORD: { secret: "vault", key: "password" }, PIN: { secret: "vault", key: "pin" } },
        env: { NOTE: "$(PASSWORD)" },
        volumes: [{ name: "vault", secret: { secretName: "vault" }, mountPath: "/vault" }],
        retry: { attempts: 1 },
      },
      { flags: ["--artifacts-dir", artifacts] },
    );
    const ended = await submitted.ended;
    const id = await submitted.id();
    expect(ended.code).toBe(9);
    expect(ended.stdout.toString()).toContain("password is ***, pin 123");
    const encoded = Buffer.from(secretValue).toString("base64");
    const seen: Readonly<Record<string, string>> = {
      stdout: ended.stdout.toString(),
      stderr: ended.stderr,
      show: JSON.stringify(await show(cluster, id)),
      logs: (await cluster.run(["logs", id, "-o", "jsonl"])).stdout.toString(),
      why: (await cluster.run(["why", id])).stdout.toString(),
      rendered: (await cluster.run(["render", id])).stdout.toString(),
      objects: await cluster.kubectl("get", "jobs,pods,events", "-o", "yaml"),
      podLog: await cluster.kubectl("logs", "-l", `keruta.dev/task-id=${id}`, "--all-containers"),
      state: await everyFile(join(cluster.directory, "state")),
    };
    for (const [where, text] of Object.entries(seen)) {
      expect({ where, raw: text.includes(secretValue) }).toEqual({ where, raw: false });
      expect({ where, base64: text.includes(encoded) }).toEqual({ where, base64: false });
    }
  });
});

async function everyFile(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(async ({ parentPath, name }) => readFile(join(parentPath, name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}
