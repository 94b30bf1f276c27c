import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../packages/shared/src/queue/index.ts";
import { serve, type Served } from "../api/served.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { eventually, nothingRuns, show, submit } from "./submitted.ts";

/** This machine, as Pods reach it. */
const host = process.env["KERUTA_TEST_HOST"] ?? "10.88.0.1";

let cluster: ClusterSandbox;
let server: Served;
let env: Record<string, string>;
beforeAll(async () => {
  cluster = await createClusterSandbox({ exec: false });
  const state = join(cluster.directory, "state/keruta");
  const artifactRoot = join(state, "artifacts");
  server = await serve({ path: join(state, "keruta.db"), host: "0.0.0.0", artifactRoot });
  await server.queue.writeSettings({ "keruta.artifacts.transport": "api" }, "test");
  env = {
    KERUTA_AGENT_API_URL: `http://${host}:${String(server.port)}`,
    // The server is this process, which the node's Pods leave little of a processor.
    KERUTA_AGENT_REPORT_WAIT: "2m",
  };
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const script = (text: string) => ({ command: ["sh", "-c", text] });
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const answersTo = (id: string) =>
  server.requests
    .filter((one) => one.includes(`/tasks/${id}/attempts/1/artifacts`))
    .map((one) => one.split(" ")[2]);

describe("artifacts that a Pod uploads, to a driver that may not exec", { tags: ["long"] }, () => {
  test.concurrent("arrive byte for byte, and the Pod ends by itself", async () => {
    const driver = `--as=system:serviceaccount:${cluster.namespace}:keruta`;
    for (const verb of ["create", "get"]) {
      const may = await cluster
        .kubectl("auth", "can-i", verb, "pods", "--subresource=exec", driver)
        .catch(() => "no");
      expect(may.trim()).toBe("no");
    }
    const words =
      "mkdir -p out/深い; head -c 30000000 /dev/urandom > out/big; echo 1 > out/深い/a; echo two > /tmp/named; keruta-agent artifact /tmp/named; sha256sum out/big";
    const submitted = await submit(
      cluster,
      { ...script(words), artifacts: { paths: ["out/**"], required: true } },
      { env },
    );
    const ended = await submitted.ended;
    expect([ended.code, ended.lastWord]).toEqual([0, expect.stringContaining("COMPLETED")]);
    const id = await submitted.id();
    expect(await cluster.json(["artifacts", "list", id])).toMatchObject({
      status: "Collected",
      items: [
        { path: "out/big", bytes: 30_000_000 },
        { path: "out/深い/a", bytes: 2 },
        { path: "tmp/named", bytes: 4 },
      ],
    });
    const to = join(cluster.directory, "fetched");
    expect((await cluster.run(["artifacts", "get", id, "--dir", to])).code).toBe(0);
    expect(`${sha256(await readFile(join(to, "out/big")))}  out/big\n`).toBe(ended.stdout.toString());
    expect(await readFile(join(to, "tmp/named"), "utf8")).toBe("two\n");
    expect(answersTo(id)).toEqual(["200", "200"]);
    await nothingRuns(cluster, id);
  });

  test.concurrent("over the limit of one file are listed with their size, and the rest is there", async () => {
    const submitted = await submit(
      cluster,
      {
        ...script("mkdir out; head -c 3000000 /dev/zero > out/big; echo 1 > out/small; exit 3"),
        artifacts: { paths: ["out/*"], maxBytes: "1Mi" },
      },
      { env },
    );
    expect((await submitted.ended).code).toBe(3);
    const id = await submitted.id();
    expect(await cluster.json(["artifacts", "list", id])).toMatchObject({
      status: "Partial",
      items: [
        { path: "out/big", bytes: 3_000_000, skipped: "too-large" },
        { path: "out/small", bytes: 2, skipped: null },
      ],
    });
    expect((await show(cluster, id)).attempt).toMatchObject({ reason: "Error", exitCode: 3 });
  });

  test.concurrent("that are required and not there fail the task", async () => {
    const wanted = { ...script("true"), artifacts: { paths: ["out/*"], required: true } };
    const submitted = await submit(cluster, wanted, { env });
    expect((await submitted.ended).code).toBe(125);
    const { attempt } = await show(cluster, await submitted.id());
    expect(attempt).toMatchObject({ reason: "ArtifactsMissing", artifacts: { status: "Missing" } });
  });

  test.concurrent("are whole where the upload is cut again and again", { timeout: 240_000 }, async () => {
    const cuts = {
      host: "127.0.0.1",
      port: server.port,
      listenOn: "0.0.0.0",
      afterBytes: 8_000_000,
      times: 5,
    };
    await using proxy = await startCuttingProxy(cuts);
    const submitted = await submit(
      cluster,
      {
        ...script("mkdir out; head -c 60000000 /dev/urandom > out/big; sha256sum out/big"),
        artifacts: { paths: ["out/big"], maxBytes: "1Gi", required: true },
      },
      { env: { ...env, KERUTA_AGENT_API_URL: `http://${host}:${String(proxy.port)}` } },
    );
    const ended = await submitted.ended;
    expect([ended.code, ended.lastWord]).toEqual([0, expect.stringContaining("COMPLETED")]);
    expect(proxy.cuts).toBe(5);
    const to = join(cluster.directory, "cut");
    expect((await cluster.run(["artifacts", "get", await submitted.id(), "--dir", to])).code).toBe(0);
    expect(`${sha256(await readFile(join(to, "out/big")))}  out/big\n`).toBe(ended.stdout.toString());
  });

  test.concurrent("come where all Pods have one token, which can be traded once", async () => {
    const shared = "krt_the-one-token-of-all-pods-that-upload";
    const fields = {
      name: "uploads",
      role: "agent",
      namespaces: null,
      expiresAt: null,
      attempt: null,
    } as const;
    await server.accounts.addToken({ ...fields, digest: digestOf(shared), createdBy: "test" });
    const literal = `--from-literal=token=${shared}`;
    await cluster.kubectl("create", "secret", "generic", "keruta-api-token", literal);
    const own = { ...env, KERUTA_AGENT_TOKEN_SECRET: "keruta-api-token" };
    const wanted = { ...script("echo 1 > a"), artifacts: { paths: ["a"], required: true }, runAsUser: 1000 };
    const submitted = await submit(cluster, wanted, { env: own });
    const ended = await submitted.ended;
    expect([ended.code, ended.lastWord]).toEqual([0, expect.stringContaining("COMPLETED")]);
  });

  test.concurrent("count where the driver died while they came, and the next one settles", async () => {
    const submitted = await submit(
      cluster,
      {
        ...script("mkdir out; head -c 80000000 /dev/urandom > out/big; exit 4"),
        artifacts: { paths: ["out/big"] },
      },
      { env },
    );
    const id = await submitted.id();
    const isBegun = () => (answersTo(id).length > 0 ? Promise.resolve(true) : Promise.resolve(undefined));
    await eventually(isBegun);
    submitted.child.kill("SIGKILL");
    await submitted.ended;
    const run = await cluster.run(["attach", id], { env });
    expect(run.code).toBe(4);
    const { attempt } = await show(cluster, id);
    expect(attempt).toMatchObject({ reason: "Error", artifacts: { status: "Collected", files: 1 } });
  });

  test("without a server are refused by name before anything runs", async () => {
    const { child: _, ended } = await submit(cluster, script("true"));
    const run = await ended;
    expect([run.code, run.stderr]).toEqual([125, expect.stringContaining("keruta.agent.api-url is empty")]);
  });
});
