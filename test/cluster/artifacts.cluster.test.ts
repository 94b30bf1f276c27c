import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { createClusterSandbox, kubeconfigFor, type ClusterSandbox } from "./environment.ts";
import { show, submit } from "./submitted.ts";

describe("artifacts", () => {
  let cluster: ClusterSandbox;
  beforeAll(async () => {
    cluster = await createClusterSandbox();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const script = (text: string) => ({ command: ["sh", "-c", text] });
  const sha256 = async (file: string) => {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
  };
  const server = async () => {
    const { stdout } = await cluster.run(["doctor", "-o", "json"]);
    return new URL(/https:\/\/[^\s"]+/.exec(stdout.toString())?.[0] ?? "");
  };

  test.concurrent("elsewhere in the image are collected under their whole path", async () => {
    const submitted = await submit(cluster, {
      ...script(
        "mkdir -p /var/log/app; echo one > /var/log/app/a.log; echo two > /tmp/named; keruta-agent artifact /tmp/named",
      ),
      artifacts: { paths: ["/var/log/app/*.log"], required: true },
    });
    expect((await submitted.ended).code).toBe(0);
    const id = await submitted.id();
    const listed = await cluster.json(["artifacts", "list", id]);
    expect(listed).toMatchObject({
      status: "Collected",
      items: [
        { path: "tmp/named", bytes: 4 },
        { path: "var/log/app/a.log", bytes: 4 },
      ],
    });
    const to = join(cluster.directory, "fetched");
    expect((await cluster.run(["artifacts", "get", id, "var/log", "--dir", to])).code).toBe(0);
    expect(await readFile(join(to, "var/log/app/a.log"), "utf8")).toBe("one\n");
  });

  test.concurrent("of an image's own process are collected from the shared volumes", async () => {
    const write = 'echo one > "$KERUTA_WORKSPACE/part"; echo two > "$KERUTA_ARTIFACTS/named"';
    const named = await submit(cluster, { ...script(write), agent: "none", artifacts: { paths: ["part"] } });
    const unnamed = await submit(cluster, { ...script(write), agent: "none" });
    const none = await submit(cluster, { ...script("true"), agent: "none" });
    const ended = await Promise.all([named, unnamed, none].map((submitted) => submitted.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await cluster.json(["artifacts", "list", await named.id()])).toMatchObject({
      status: "Collected",
      items: [{ path: "named" }, { path: "part" }],
    });
    expect(await cluster.json(["artifacts", "list", await unnamed.id()])).toMatchObject({
      status: "Collected",
      items: [{ path: "named" }],
    });
    expect((await show(cluster, await none.id())).attempt.artifacts).toBeNull();
  });

  test.concurrent("over the limit of one file are listed with their size, and the rest is there", async () => {
    const submitted = await submit(cluster, {
      ...script("mkdir out; head -c 3000000 /dev/zero > out/big; echo 1 > out/small"),
      artifacts: { paths: ["out/*"], maxBytes: "1Mi" },
    });
    expect((await submitted.ended).code).toBe(0);
    expect(await cluster.json(["artifacts", "list", await submitted.id()])).toMatchObject({
      status: "Partial",
      items: [
        { path: "out/big", bytes: 3_000_000, skipped: "too-large" },
        { path: "out/small", bytes: 2, skipped: null },
      ],
    });
  });

  test("over an exec that is cut twenty times are whole", { timeout: 240_000 }, async () => {
    const { hostname, port } = await server();
    const plan = { host: hostname, port: Number(port || 443), afterBytes: 8_000_000, times: 20 };
    await using proxy = await startCuttingProxy(plan);
    const to = join(cluster.directory, "cut");
    const submitted = await submit(
      cluster,
      {
        ...script("mkdir out; head -c 250000000 /dev/urandom > out/big; sha256sum out/big"),
        artifacts: { paths: ["out/big"], maxBytes: "1Gi", required: true },
      },
      {
        flags: ["--artifacts-dir", to],
        env: {
          KUBECONFIG: await cluster.file(
            "proxied.yaml",
            await kubeconfigFor({ server: `https://127.0.0.1:${String(proxy.port)}` }),
          ),
        },
      },
    );
    const ended = await submitted.ended;
    expect([ended.code, ended.lastWord]).toEqual([0, expect.stringContaining("COMPLETED")]);
    expect(proxy.cuts).toBe(20);
    expect(`${await sha256(join(to, "out/big"))}  out/big\n`).toBe(ended.stdout.toString());
  });

  test("of 1 GB pass with flat memory", { timeout: 240_000, tags: ["long"] }, async () => {
    const submitted = await submit(cluster, {
      ...script("mkdir out; head -c 1000000000 /dev/zero > out/big"),
      artifacts: { paths: ["out/big"], maxBytes: "2Gi", required: true },
      timeout: "10m",
    });
    let peak = 0;
    const status = `/proc/${String(submitted.child.pid)}/status`;
    const look = setInterval(() => {
      readFile(status, "utf8").then(
        (text) => (peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0))),
        () => undefined,
      );
    }, 200);
    const ended = await submitted.ended;
    clearInterval(look);
    expect(ended.code).toBe(0);
    const { attempt } = await show(cluster, await submitted.id());
    expect(attempt.artifacts).toMatchObject({ status: "Collected", files: 1 });
    expect(peak).toBeGreaterThan(0);
    expect(peak / 1024).toBeLessThan(150);
  });

  test.concurrent("without the right to exec are not collected, which is named; the result stands", async () => {
    await using other = await createClusterSandbox({ exec: false });
    const submitted = await submit(other, {
      ...script("mkdir out; echo 1 > out/a; echo said; exit 3"),
      artifacts: { paths: ["out/*"] },
      retry: { attempts: 1 },
    });
    const ended = await submitted.ended;
    expect([ended.code, ended.stdout.toString()]).toEqual([3, "said\n"]);
    const { attempt } = await show(other, await submitted.id());
    expect(attempt).toMatchObject({
      reason: "Error",
      exitCode: 3,
      log: { complete: true },
      artifacts: { status: "Failed", message: expect.stringMatching(/may not|forbidden/) },
    });
  });
});
