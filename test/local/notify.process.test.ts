import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  server as postgres,
  testDatabase,
} from "../../packages/shared/src/queue/postgres/postgres.harness.ts";
import { decodedWords, headerOf, textOfMail } from "../notify/read-mail.ts";
import { receiveHooks } from "../notify/receive-hooks.ts";
import { receiveMail } from "../notify/receive-mail.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";
import { serveWith } from "./serving.ts";

const database = testDatabase();
const secrets = { KERUTA_NOTIFY_WEBHOOK_SECRET: "whsec_c2VjcmV0" };
const shell = (text: string) => ["--", "sh", "-c", text];

async function tellByMail(sandbox: Sandbox, port: number, ...others: readonly string[]): Promise<void> {
  const settings = [
    "kubernetes.enabled=false",
    "notify.email.host=127.0.0.1",
    `notify.email.port=${String(port)}`,
    "notify.email.security=none",
    "notify.email.to=ops@example.com",
    ...others,
  ];
  const { code, stderr } = await sandbox.run(["settings", "set", ...settings]);
  expect([code, stderr]).toEqual([0, expect.anything()]);
}

test("10,000 ERROR lines of a task that fails are one email and one webhook, masked", async () => {
  await using mails = await receiveMail();
  await using hooks = await receiveHooks();
  await using sandbox = await createSandbox();
  const secretDirectory = join(sandbox.directory, "config/keruta/secrets/door");
  await mkdir(secretDirectory, { recursive: true, mode: 0o700 });
  await writeFile(join(secretDirectory, "key"), "open-sesame", { mode: 0o600 });
  await tellByMail(
    sandbox,
    mails.port,
    `notify.webhook.url=${hooks.url}/keruta`,
    "notify.allowed-hosts=127.0.0.1",
  );
  const server = await serveWith(sandbox, secrets, "--worker");
  const script = 'i=0; while [ $i -lt 10000 ]; do i=$((i+1)); echo "ERROR $i $DOOR"; done; exit 3';
  const flags = ["--title", "扉", "--secret-env", "DOOR=door:key"];
  const run = await sandbox.run(["submit", ...flags, ...shell(script)], { env: server.env });
  expect(run.code).toBe(3);
  const [[mail], [hook]] = await Promise.all([mails.received(1), hooks.received(1)]);
  const raw = mail?.raw ?? "";
  expect(decodedWords(headerOf(raw, "Subject") ?? "")).toBe("[keruta] Task failed (Error): 扉");
  const text = textOfMail(raw);
  expect(text).toContain("10,000 errors");
  expect(text).toMatch(/ ERROR 5 \*+\n/);
  const body = JSON.parse(hook?.body ?? "") as Record<string, unknown>;
  expect(body).toMatchObject({
    tasks: [{ title: "扉", status: "FAILED" }],
    items: [
      { type: "TaskFinished", data: { exitCode: 3, reason: "Error" } },
      { type: "Log", data: { errors: 10_000, records: [{ level: "ERROR" }, {}, {}, {}, {}] } },
    ],
  });
  expect(hook?.path).toBe("/keruta");
  expect(raw + text + (hook?.body ?? "")).not.toContain("open-sesame");
  for (const env of [server.env, secrets]) {
    const tested = await sandbox.run(["notify", "test"], { env });
    expect([tested.code, tested.stdout.toString()]).toEqual([
      0,
      expect.stringMatching(/^email: sent: 250 .*\nwebhook: sent: HTTP 200: ok\n$/),
    ]);
    const list = await sandbox.run(["notify", "list"], { env });
    expect(list.stdout.toString().match(/ sent +1 .*Task failed/g)).toHaveLength(2);
  }
  const metrics = await fetch(`${server.url}/metrics`, {
    headers: { authorization: `Bearer ${server.env["KERUTA_API_TOKEN"] ?? ""}` },
  });
  expect(await metrics.text()).toContain('keruta_notifications_total{channel="email",outcome="sent"} 1');
  expect((await server.stop()).code).toBe(0);
  // The tests came too, and nothing else.
  expect([mails.mails.length, hooks.hooks.length]).toEqual([3, 3]);
});

test("what happens while no server runs, and what it could not send before it was killed, is told later", async () => {
  const away = await receiveMail();
  const { port } = away;
  await using sandbox = await createSandbox();
  await tellByMail(sandbox, port);
  const first = await serveWith(sandbox, {});
  await sandbox.run(["submit", "--runner", "local", "--title", "before", ...shell("exit 1")]);
  await away.received(1);
  await away[Symbol.asyncDispose]();
  await sandbox.run(["submit", "--runner", "local", "--title", "unsent", ...shell("exit 1")]);
  const unsent = async () => {
    const list = await sandbox.run(["notify", "list", "--state", "waiting", "-o", "jsonl"]);
    return list.stdout.toString();
  };
  for (let list = await unsent(); !list.includes("ECONNREFUSED"); list = await unsent());
  process.kill(first.pid, "SIGKILL");
  await sandbox.run(["submit", "--runner", "local", "--title", "without", ...shell("exit 1")]);
  await using back = await receiveMail({ port });
  const second = await serveWith(sandbox, {});
  const mails = await back.received(2);
  const subjects = mails.map(({ raw }) => decodedWords(headerOf(raw, "Subject") ?? ""));
  expect(subjects).toEqual([expect.stringContaining(": unsent"), expect.stringContaining(": without")]);
  expect((await second.stop()).code).toBe(0);
});

test.skipIf(!postgres)("over PostgreSQL one of two servers sends", async () => {
  await using hooks = await receiveHooks();
  await using sandbox = await createSandbox();
  const own = { ...secrets, KERUTA_DB: await database.newSchema() };
  const settings = [
    "kubernetes.enabled=false",
    `notify.webhook.url=${hooks.url}`,
    "notify.allowed-hosts=127.0.0.1",
  ];
  await sandbox.run(["settings", "set", ...settings], { env: own });
  const servers = [await serveWith(sandbox, own), await serveWith(sandbox, own)];
  const script = shell("for i in 1 2 3; do echo ERROR $i; done; exit 4");
  const run = await sandbox.run(["submit", "--runner", "local", ...script], { env: own });
  expect(run.code).toBe(4);
  const [hook] = await hooks.received(1);
  expect(JSON.parse(hook?.body ?? "")).toMatchObject({
    items: [{ type: "TaskFinished" }, { type: "Log", data: { errors: 3 } }],
  });
  for (const server of servers) expect((await server.stop()).code).toBe(0);
  expect(hooks.hooks).toHaveLength(1);
  const list = await sandbox.run(["notify", "list", "-o", "jsonl"], { env: own });
  expect(list.stdout.toString().trim().split("\n")).toHaveLength(1);
});
