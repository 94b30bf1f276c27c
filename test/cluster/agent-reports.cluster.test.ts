import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../packages/shared/src/queue/index.ts";
import { serve, type Served } from "../api/served.ts";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { crashingAt, eventually, namesOf, podOf, says, show, submit } from "./submitted.ts";

/** This machine, as Pods reach it. */
const host = process.env["KERUTA_TEST_HOST"] ?? "10.88.0.1";

let cluster: ClusterSandbox;
let server: Served;
let env: Record<string, string>;
beforeAll(async () => {
  cluster = await createClusterSandbox();
  const path = join(cluster.directory, "state/keruta/keruta.db");
  server = await serve({ path, host: "0.0.0.0" });
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

const testImage = process.env["KERUTA_TEST_AGENT_IMAGE"];
const ownImage = testImage === undefined ? {} : { KERUTA_AGENT_IMAGE: testImage };

const script = (text: string) => ({ command: ["sh", "-c", text] });
const resultOf = (id: string) =>
  eventually(async () => (await server.queue.attemptReport(id, 1))?.result ?? undefined);
const answersTo = (id: string) =>
  server.requests.filter((request) => request.includes(`/tasks/${id}/`)).map((one) => one.split(`${id}/`)[1]);

describe("a Pod's agent", () => {
  test.concurrent("reports to the server, with a token that shows nowhere and dies with the attempt", async () => {
    const words =
      "echo one; echo $KERUTA_API_TOKEN; echo '::keruta:progress 40 half'; sleep 3; echo two >&2; exit 3";
    const { ended, ...submitted } = await submit(cluster, script(words), { env });
    const id = await submitted.id();
    const [job, pod] = [`keruta-${id}-1`, await podOf(cluster, id)];
    const data = await cluster.kubectl("get", "secret", job, "-o", "jsonpath={.data.token}");
    const token = Buffer.from(data, "base64").toString();
    expect(token).toMatch(/^krt_[\w-]{43}$/);
    const run = await ended;
    expect([run.code, run.stdout.toString(), run.stderr]).toEqual([
      3,
      "one\n***\n",
      expect.stringContaining("two"),
    ]);

    expect(await resultOf(id)).toMatchObject({ taskId: id, exitCode: 3, stdout: { bytes: 8 } });
    expect(answersTo(id)).toEqual(
      expect.arrayContaining(["attempts/1/start 204", "attempts/1/log 200", "attempts/1/result 204"]),
    );
    const shown = await show(cluster, id);
    expect(shown.attempts).toMatchObject([{ reason: "Error", exitCode: 3, log: { complete: true } }]);

    const owner = ["-o", "jsonpath={.metadata.ownerReferences[0].uid}"];
    const uid = await cluster.kubectl("get", "job", job, "-o", "jsonpath={.metadata.uid}");
    expect(await cluster.kubectl("get", "secret", job, ...owner)).toBe(uid);
    const heartbeat = `http://127.0.0.1:${String(server.port)}/api/tasks/${id}/attempts/1/heartbeat`;
    const late = await fetch(heartbeat, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    expect(late.status).toBe(401);

    const objects = await cluster.kubectl("get", "jobs,pods,events", "-o", "yaml");
    expect(objects).toContain(pod);
    const logs = await cluster.run(["logs", id, "-o", "jsonl"]);
    const state = join(cluster.directory, "state/keruta");
    const files = (await readdir(state)).filter((name) => name.startsWith("keruta.db"));
    const database = await Promise.all(files.map((name) => readFile(join(state, name), "latin1")));
    const everything = [
      objects,
      run.stdout,
      run.stderr,
      logs.stdout,
      JSON.stringify(server.log),
      ...database,
    ];
    const forms = [token, Buffer.from(token).toString("base64").replace(/=+$/, "")];
    for (const text of everything) for (const form of forms) expect(String(text)).not.toContain(form);
  });

  test.concurrent(
    "settles by its report where the Pod and its driver are gone",
    { tags: ["long"] },
    async () => {
      const words = script("echo ready; sleep 3; echo done; exit 5");
      const { child, ended, ...submitted } = await submit(cluster, words, { env });
      await says(child, "ready\n");
      const id = await submitted.id();
      child.kill("SIGKILL");
      await ended;
      expect(await resultOf(id)).toMatchObject({ exitCode: 5 });
      await cluster.kubectl("delete", "pod", await podOf(cluster, id), "--force", "--grace-period=0");
      await eventually(async () => ((await namesOf(cluster, "pods", id)).length === 0 ? true : undefined));
      const run = await cluster.run(["attach", id], { env });
      expect([run.code, run.stdout.toString(), run.stderr]).toEqual([5, "ready\ndone\n", expect.any(String)]);
      const { attempts } = await show(cluster, id);
      expect(attempts).toMatchObject([{ reason: "Error", category: "command", exitCode: 5 }]);
      expect(attempts[0]?.log).toMatchObject({ complete: true });
    },
  );

  test.concurrent.each(["secret-made", "submitted", "secret-given"])(
    "has a token that counts, and a Secret that goes with its Job, where the driver died at %s",
    { tags: ["long"] },
    async (at) => {
      const crashing = crashingAt(at);
      const crashed = await submit(cluster, script("echo one; exit 3"), {
        ...crashing,
        env: { ...crashing.env, ...env, ...ownImage },
      });
      expect((await crashed.ended).signal).toBe("SIGKILL");
      const id = await crashed.id();
      const run = await cluster.run(["attach", id], { env });
      expect([run.code, run.stdout.toString(), run.stderr]).toEqual([3, "one\n", expect.any(String)]);
      expect(await resultOf(id)).toMatchObject({ exitCode: 3 });
      const uid = await cluster.kubectl("get", "job", `keruta-${id}-1`, "-o", "jsonpath={.metadata.uid}");
      const owner = ["-o", "jsonpath={.metadata.ownerReferences[*].uid}"];
      expect(await cluster.kubectl("get", "secret", `keruta-${id}-1`, ...owner)).toBe(uid);
    },
  );

  test.concurrent("is given a Secret by a driver that may read none", async () => {
    const driver = `--as=system:serviceaccount:${cluster.namespace}:keruta`;
    const may = async (verb: string) =>
      (await cluster.kubectl("auth", "can-i", verb, "secrets", driver).catch(() => "no")).trim();
    const verbs = ["create", "patch", "delete", "get", "list", "watch", "deletecollection", "update"];
    const answers = await Promise.all(verbs.map(may));
    expect(answers).toEqual(["yes", "yes", "yes", "no", "no", "no", "no", "no"]);
  });

  test.concurrent("leaves no Secret where there was no Job", async () => {
    const template = "spec: { template: { spec: { noSuchField: true } } }";
    const { ended, ...submitted } = await submit(cluster, script("true"), {
      env: { ...env, KERUTA_JOB_TEMPLATE: template },
    });
    expect((await ended).code).not.toBe(0);
    const id = await submitted.id();
    expect((await show(cluster, id)).attempts).toMatchObject([{ reason: "SubmitFailed" }]);
    const secrets = await cluster.kubectl("get", "secrets", "-o", "jsonpath={.items[*].metadata.name}");
    expect(secrets).not.toContain(id);
  });

  test.concurrent("trades the token that all Pods of a namespace have", { tags: ["long"] }, async () => {
    const shared = "krt_the-token-of-all-the-pods-of-this-namespace";
    const fields = { name: "pods", role: "agent", namespaces: null, expiresAt: null, attempt: null } as const;
    await server.accounts.addToken({ ...fields, digest: digestOf(shared), createdBy: "test" });
    await cluster.kubectl(
      "create",
      "secret",
      "generic",
      "keruta-api-token",
      `--from-literal=token=${shared}`,
    );
    const own = { ...env, KERUTA_AGENT_TOKEN_SECRET: "keruta-api-token" };
    const { ended, ...submitted } = await submit(cluster, script("echo $KERUTA_API_TOKEN; exit 4"), {
      env: own,
    });
    const run = await ended;
    expect([run.code, run.stdout.toString(), run.stderr]).toEqual([4, "***\n", expect.any(String)]);
    const id = await submitted.id();
    expect(await resultOf(id)).toMatchObject({ exitCode: 4 });
    expect(answersTo(id)).toContain("attempts/1/token 201");
    const secrets = await cluster.kubectl("get", "secrets", "-o", "jsonpath={.items[*].metadata.name}");
    expect(secrets).not.toContain(id);
  });

  test.concurrent("runs its command to the true end where the server is not there", async () => {
    const nobody = { KERUTA_AGENT_API_URL: `http://${host}:19999`, KERUTA_AGENT_REPORT_WAIT: "1s" };
    const { ended } = await submit(cluster, script("echo all the same; exit 6"), { env: nobody });
    const run = await ended;
    expect([run.code, run.stdout.toString(), run.stderr]).toEqual([6, "all the same\n", expect.any(String)]);
  });
});
