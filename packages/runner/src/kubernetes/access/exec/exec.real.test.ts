import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "rolldown";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { execToEnd } from "../../../cluster/index.ts";
import { createTestDeps, failureOf, readAll } from "../access.harness.ts";
import { openCluster } from "../open-cluster.ts";
import { startProxy } from "../proxy.harness.ts";
import { describeReal } from "../real-cluster.harness.ts";

const realPods = { pod: "quiet", container: "main" };

describeReal("exec", (current) => {
  test.each([
    [["true"], 0],
    [["sh", "-c", "exit 1"], 1],
    [["sh", "-c", "exit 7"], 7],
    [["sh", "-c", "exit 255"], 255],
    [["sh", "-c", "kill -9 $$"], 137],
  ] as const)("%s exits with its own code", async (command, code) => {
    const real = current();
    const result = await execToEnd(real.cluster, { ...realPods, command, maxBytes: 10 });
    expect(result.exitCode).toBe(code);
  });

  test("stdout and stderr come apart, and stdin goes in and is closed", async () => {
    const real = current();
    const command = ["sh", "-c", "cat; echo oops >&2; exit 3"];
    const exec = await real.cluster.exec({ ...realPods, command, stdin: true });
    await exec.stdin.write(Buffer.from("日本語\n"));
    await exec.stdin.end();
    expect(await readAll(exec.stdout)).toBe("日本語\n");
    expect(await exec.exitCode).toBe(3);
    expect(exec.stderr()).toBe("oops\n");
  });

  test("100 MB come whole", async () => {
    const real = current();
    // It stays until all has come: what is under way when a command ends may be cut off (kubernetes/kubernetes#124571).
    const command = ["sh", "-c", "head -c 100000000 /dev/zero; echo end; read -r done"];
    const exec = await real.cluster.exec({ ...realPods, command, stdin: true });
    let bytes = 0;
    let last = Buffer.alloc(0);
    for await (const chunk of exec.stdout) {
      bytes += chunk.length;
      last = Buffer.concat([last, chunk]).subarray(-4);
      if (last.toString() === "end\n") await exec.stdin.write(Buffer.from("done\n"));
    }
    expect(bytes).toBe(100_000_004);
    expect(last.toString()).toBe("end\n");
    expect(await exec.exitCode).toBe(0);
  });

  test("a program, a container or a Pod that is not there is refused", async () => {
    const real = current();
    const run = async (change: object) =>
      failureOf(execToEnd(real.cluster, { ...realPods, command: ["true"], maxBytes: 1, ...change }));
    const refusal = { code: "KRT_CLUSTER_REFUSED" };
    expect(await run({ command: ["nope"] })).toMatchObject(refusal);
    expect(await run({ container: "nope" })).toMatchObject(refusal);
    expect(await run({ pod: "nope" })).toMatchObject({ ...refusal, details: { status: 404 } });
  });

  test("exec needs both get and create", async () => {
    const real = current();
    const run = async (verbs: readonly string[]) => {
      const cluster = await real.as(`exec-${verbs.join("-")}`, [
        { apiGroups: [""], resources: ["pods/exec"], verbs },
      ]);
      return execToEnd(cluster, { ...realPods, command: ["true"], maxBytes: 1 });
    };
    expect(await failureOf(run(["create"]))).toMatchObject({ code: "KRT_CLUSTER_FORBIDDEN" });
    expect(await failureOf(run(["get"]))).toMatchObject({ code: "KRT_CLUSTER_FORBIDDEN" });
    expect(await run(["create", "get"])).toMatchObject({ exitCode: 0 });
  });

  test("exec goes through a proxy", async () => {
    const real = current();
    await using proxy = await startProxy();
    const path = join(await mkdtemp(join(tmpdir(), "proxied-")), "config");
    const text = await readFile(real.kubeconfig, "utf8");
    const config = parse(text) as { clusters: { cluster: Record<string, unknown> }[] };
    for (const { cluster } of config.clusters) cluster["proxy-url"] = proxy.url;
    await writeFile(path, stringify(config));
    const options = {
      kubeconfig: { from: "flag", paths: [path], mayMiss: false },
      context: undefined,
    } as const;
    const cluster = await openCluster({ ...options, namespace: real.cluster.namespace }, createTestDeps());
    const result = await execToEnd(cluster, { ...realPods, command: ["echo", "hello"], maxBytes: 10 });
    expect(Buffer.from(result.stdout).toString()).toBe("hello\n");
    expect(proxy.asked).toEqual([new URL(cluster.server).host]);
    await cluster.close();
    await rm(dirname(path), { recursive: true });
  });

  // A gigabyte at some 40 MB/s, read with pauses; the process is what a user runs: bundled, without the tests' own.
  test(
    "1 GB through a slow reader stays within 150 MB of memory",
    { timeout: 180_000, tags: ["long"] },
    async () => {
      const real = current();
      const directory = await mkdtemp(join(tmpdir(), "exec-memory-"));
      const outfile = join(directory, "reader.mjs");
      await build({
        input: { reader: join(import.meta.dirname, "slow-reader.fixture.ts") },
        platform: "node",
        resolve: { conditionNames: ["keruta-source", "module", "import", "node"] },
        output: {
          dir: directory,
          entryFileNames: "[name].mjs",
          chunkFileNames: "[name].mjs",
          banner: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);',
        },
      });
      const args = [outfile, real.kubeconfig, real.cluster.namespace, realPods.pod, "1000000000"];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const seen = JSON.parse(stdout) as { bytes: number; exitCode: number; maxRss: number };
      expect(seen).toMatchObject({ bytes: 1_000_000_000, exitCode: 0 });
      expect(seen.maxRss).toBeLessThan(150 * 1024 * 1024);
      console.log(`1 GB through a slow reader: ${String(Math.round(seen.maxRss / 1024 / 1024))} MiB at most`);
      await rm(directory, { recursive: true });
    },
  );
});
