import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { busybox, namesOf, show, submit } from "./submitted.ts";

const tools = process.env["KERUTA_TEST_CLUSTER"];
const secret = "correct-horse-battery";
const bare = "localhost/keruta-test/bare:1";

let cluster: ClusterSandbox;
let restricted: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
  restricted = await createClusterSandbox({ labels: { "pod-security.kubernetes.io/enforce": "restricted" } });
  const metadata = { name: "registry" };
  await cluster.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: { token: secret } });
  if (tools === undefined) return;
  // One static program, and neither /bin/sh nor a C library beside it.
  const image = [bare, "--no-busybox", "--add", "/bin/busybox:/only/busybox"];
  await promisify(execFile)(join(tools, "image"), image);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await restricted[Symbol.asyncDispose]();
});

describe("the agent runs the command in any image", () => {
  test.runIf(tools !== undefined).concurrent("with no shell and no C library", async () => {
    const { ended } = await submit(cluster, {
      image: bare,
      command: ["/only/busybox", "printf", "%s|", "a", "b c"],
    });
    const run = await ended;
    expect([run.code, run.stdout.toString(), run.lastWord]).toEqual([
      0,
      "a|b c|",
      expect.stringContaining("COMPLETED"),
    ]);
  });

  test.concurrent("beside variables that would break Node or the loader, which the command has", async () => {
    const env = {
      NODE_OPTIONS: "--require /nowhere.js",
      LD_PRELOAD: "/etc/passwd",
      LD_LIBRARY_PATH: "/nowhere",
      NODE_EXTRA_CA_CERTS: "/nowhere.pem",
    };
    const script = 'echo "$NODE_OPTIONS $LD_PRELOAD $LD_LIBRARY_PATH"; exit 7';
    const { ended } = await submit(cluster, { command: ["sh", "-c", script], env });
    const run = await ended;
    expect([run.code, run.stdout.toString()]).toEqual([7, "--require /nowhere.js /etc/passwd /nowhere\n"]);
  });

  test.concurrent("as a user that no image knows, whose artifacts are collected", async () => {
    const script = "id -u; umask 077; mkdir out; echo mine > out/file; echo more > $KERUTA_ARTIFACTS/more";
    const artifacts = { paths: ["out/**"], required: true };
    const submitted = await submit(cluster, { command: ["sh", "-c", script], runAsUser: 12_345, artifacts });
    const run = await submitted.ended;
    expect([run.code, run.stdout.toString(), run.lastWord]).toEqual([
      0,
      "12345\n",
      expect.stringContaining("COMPLETED"),
    ]);
    const { attempt } = await show(cluster, await submitted.id());
    expect(attempt.artifacts).toMatchObject({ status: "Collected", files: 2 });
  });

  const readOnlyRoot = JSON.stringify({
    spec: {
      template: {
        spec: { containers: [{ name: "main", securityContext: { readOnlyRootFilesystem: true } }] },
      },
    },
  });
  test.concurrent("where Pod Security restricted is enforced and the root is read-only", async () => {
    const script =
      "id -u; touch /x 2>/dev/null || echo read-only; echo kept > $KERUTA_ARTIFACTS/kept; exit 9";
    const spec = { command: ["sh", "-c", script], securityProfile: "restricted" };
    const submitted = await submit(restricted, spec, { env: { KERUTA_JOB_TEMPLATE: readOnlyRoot } });
    const run = await submitted.ended;
    expect([run.code, run.stdout.toString()]).toEqual([9, "65532\nread-only\n"]);
    const id = await submitted.id();
    const { attempt } = await show(restricted, id);
    expect(attempt).toMatchObject({ artifacts: { status: "Collected", files: 1 }, log: { complete: true } });
    const [pod = ""] = await namesOf(restricted, "pods", id);
    const path = "jsonpath={.spec.containers[0].securityContext.readOnlyRootFilesystem}";
    expect(await restricted.kubectl("get", "pod", pod, "-o", path)).toBe("true");
  });
});

describe("a secret's value", () => {
  test.concurrent("is masked in the log and in no manifest, file or database", async () => {
    const half = secret.slice(0, 9);
    const script = `echo "token $TOKEN"; printf '%s' '${half}'; sleep 0.3; echo '${secret.slice(9)}'; echo "$TOKEN" >&2`;
    const secretEnv = { TOKEN: { secret: "registry", key: "token" } };
    const submitted = await submit(cluster, { command: ["sh", "-c", script], secretEnv });
    const run = await submitted.ended;
    expect([run.code, run.stdout.toString()]).toEqual([0, "token ***\n***\n"]);
    expect(run.stderr).toMatch(/^\*\*\*$/m);
    const id = await submitted.id();
    const logs = await cluster.run(["logs", id, "-o", "jsonl"]);
    expect(logs.stdout.includes(secret)).toBe(false);
    for (const kind of ["jobs", "pods"]) {
      const objects = await cluster.kubectl("get", kind, "-l", `keruta.dev/task-id=${id}`, "-o", "yaml");
      expect(objects).toContain(id);
      expect(objects).not.toContain(secret);
    }
    const state = join(cluster.directory, "state");
    const entries = await readdir(state, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    const found: string[] = [];
    for (const { parentPath, name } of files) {
      if ((await readFile(join(parentPath, name))).includes(secret)) found.push(name);
    }
    expect(found).toEqual([]);
  });
});

describe("artifacts", () => {
  const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

  test.concurrent("are brought whole: many, large, deep, and from elsewhere in the image", async () => {
    const script = [
      "mkdir -p out/deep/er 'out/日本語'",
      "head -c 20000000 /dev/urandom > out/large",
      "for i in $(seq 1 300); do echo $i > out/deep/er/$i; done",
      ": > 'out/日本語/空 の.txt'",
      "echo elsewhere > $KERUTA_ARTIFACTS/more.txt",
      "sha256sum < out/large",
    ].join("\n");
    const to = join(cluster.directory, "fetched");
    const artifacts = { paths: ["out/**"], required: true };
    const submitted = await submit(cluster, { script, artifacts }, { flags: ["--artifacts-dir", to] });
    const run = await submitted.ended;
    expect([run.code, run.lastWord]).toEqual([0, expect.stringContaining("COMPLETED")]);
    const large = await readFile(join(to, "out/large"));
    expect(digest(large)).toBe(run.stdout.toString().slice(0, 64));
    expect((await readdir(join(to, "out/deep/er"))).length).toBe(300);
    expect(await readFile(join(to, "out/deep/er/300"), "utf8")).toBe("300\n");
    expect(await readFile(join(to, "out/日本語/空 の.txt"), "utf8")).toBe("");
    expect(await readFile(join(to, "more.txt"), "utf8")).toBe("elsewhere\n");
    const { attempt } = await show(cluster, await submitted.id());
    expect(attempt.artifacts).toMatchObject({ status: "Collected", files: 303 });
  });

  test.concurrent("and what it had said outlive an OOM kill of the whole container", async () => {
    const script = "mkdir out; echo one > out/a; echo two > out/b; echo said; sleep 1; exec tail /dev/zero";
    const to = join(cluster.directory, "oom");
    const spec = {
      image: busybox,
      script,
      artifacts: { paths: ["out/**"] },
      resources: { limits: { memory: "24Mi" } },
    };
    const submitted = await submit(cluster, spec, { flags: ["--artifacts-dir", to] });
    const run = await submitted.ended;
    expect([run.code, run.stdout.toString()]).toEqual([137, "said\n"]);
    const { attempt } = await show(cluster, await submitted.id());
    expect(attempt).toMatchObject({ reason: "OOMKilled", artifacts: { status: "Collected", files: 2 } });
    expect(await readFile(join(to, "out/b"), "utf8")).toBe("two\n");
  });
});
