import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outputs } from "../outputs.ts";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { show, submit } from "./submitted.ts";

let cluster: ClusterSandbox;
beforeAll(async () => {
  cluster = await createClusterSandbox();
  const entries = Object.values(outputs).map((bytes, index) => [keyOf(index), bytes.toString("base64")]);
  const manifest = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "outputs" },
    binaryData: Object.fromEntries(entries) as Record<string, string>,
  };
  await cluster.kubectl("create", "-f", await cluster.file("outputs.json", JSON.stringify(manifest)));
});
afterAll(() => cluster[Symbol.asyncDispose]());

const keyOf = (index: number) => `output-${String(index)}`;

describe("stdout is the task's stdout, byte for byte", () => {
  const cases = Object.entries(outputs).map(([name, bytes], index) => ({ name, bytes, key: keyOf(index) }));
  test.concurrent.each(cases)("$name", async ({ bytes, key }) => {
    const submitted = await submit(cluster, {
      command: ["sh", "-c", 'cat "$0"; cat "$0" >&2', `/outputs/${key}`],
      volumes: [{ name: "outputs", configMap: { name: "outputs" }, mountPath: "/outputs" }],
    });
    const run = await submitted.ended;
    expect([run.code, run.lastWord]).toEqual([0, expect.stringContaining("COMPLETED")]);
    expect(run.stdout.equals(bytes)).toBe(true);

    const id = await submitted.id();
    const logs = await cluster.run(["logs", id]);
    expect(logs.stdout.equals(bytes)).toBe(true);
    expect(logs.stderr).toBe(bytes.toString("utf8"));
    const { attempt } = await show(cluster, id);
    expect(attempt.log).toMatchObject({ bytes: bytes.length * 2, complete: true });
  });
});

describe("keruta submit exits with the task's own code", () => {
  const exits = [0, 1, 2, 7, 42, 123, 200, 255].map((code) => ({
    script: `exit ${String(code)}`,
    code,
    signal: null as string | null,
  }));
  const killed = [
    { script: "kill -SEGV $$", code: 139, signal: "SIGSEGV" },
    { script: "kill -KILL $$", code: 137, signal: "SIGKILL" },
  ];
  test.concurrent.each([...exits, ...killed])("$script", async ({ script, code, signal }) => {
    const submitted = await submit(cluster, { command: ["sh", "-c", `echo out; ${script}`] });
    const run = await submitted.ended;
    expect([run.code, run.stdout.toString()]).toEqual([code, "out\n"]);
    const { status, attempt } = await show(cluster, await submitted.id());
    expect(status).toBe(code === 0 ? "COMPLETED" : "FAILED");
    expect(attempt).toMatchObject({
      reason: code === 0 ? "Completed" : "Error",
      exitCode: code,
      signal,
      log: { bytes: 4, complete: true },
    });
  });
});
