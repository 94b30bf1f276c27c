import { expect } from "vitest";
import { execToEnd } from "../../../cluster/index.ts";
import { failureOf, readAll } from "../access.harness.ts";
import { realTest } from "../real-cluster.harness.ts";

const realPods = { pod: "quiet", container: "main" };

realTest.for([
  [["true"], 0],
  [["sh", "-c", "exit 1"], 1],
  [["sh", "-c", "exit 7"], 7],
  [["sh", "-c", "exit 255"], 255],
  [["sh", "-c", "kill -9 $$"], 137],
] as const)("%s exits with its own code", async ([command, code], { real }) => {
  const result = await execToEnd(real.cluster, { ...realPods, command, maxBytes: 10 });
  expect(result.exitCode).toBe(code);
});

realTest("stdout and stderr come apart, and stdin goes in and is closed", async ({ real }) => {
  const command = ["sh", "-c", "cat; echo oops >&2; exit 3"];
  const exec = await real.cluster.exec({ ...realPods, command, stdin: true });
  await exec.stdin.write(Buffer.from("日本語\n"));
  await exec.stdin.end();
  expect(await readAll(exec.stdout)).toBe("日本語\n");
  expect(await exec.exitCode).toBe(3);
  expect(exec.stderr()).toBe("oops\n");
});

realTest("100 MB come whole", async ({ real }) => {
  const command = ["sh", "-c", "head -c 100000000 /dev/zero; echo end"];
  const exec = await real.cluster.exec({ ...realPods, command });
  let bytes = 0;
  let last = Buffer.alloc(0);
  for await (const chunk of exec.stdout) {
    bytes += chunk.length;
    last = Buffer.concat([last, chunk]).subarray(-4);
  }
  expect(bytes).toBe(100_000_004);
  expect(last.toString()).toBe("end\n");
  expect(await exec.exitCode).toBe(0);
});

realTest("a program, a container or a Pod that is not there is refused", async ({ real }) => {
  const run = async (change: object) =>
    failureOf(execToEnd(real.cluster, { ...realPods, command: ["true"], maxBytes: 1, ...change }));
  const refusal = { code: "KRT_CLUSTER_REFUSED" };
  expect(await run({ command: ["nope"] })).toMatchObject(refusal);
  expect(await run({ container: "nope" })).toMatchObject(refusal);
  expect(await run({ pod: "nope" })).toMatchObject({ ...refusal, details: { status: 404 } });
});

realTest("exec needs both get and create", async ({ real }) => {
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
