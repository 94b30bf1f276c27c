import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";

const run = async (line: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  await using surroundings = await testContext(env);
  const { context, io } = surroundings;
  const code = await runProgram(context, line);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
};

test("where nothing is set up it says what to set, and where a name is none which there are", async () => {
  const nothing = await run(["notify", "test"]);
  expect(nothing.code).toBe(2);
  expect(nothing.stderr).toMatch(/settings set notify\.email\.host=HOST/);
  const wrong = await run(["notify", "test", "pager"]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/no channel "pager"[^]*slack:NAME/)]);
});

test("a channel that lacks something fails by name, the others are tested all the same", async () => {
  const { code, stdout, stderr } = await run([
    "notify",
    "test",
    "email",
    "slack:team-a",
    "webhook",
    "--lang",
    "ja",
  ]);
  expect(code).toBe(1);
  expect(stdout).toBe(
    "email: 送信失敗: keruta.notify.email.host が設定されていません\n" +
      "slack:team-a: 送信失敗: KERUTA_NOTIFY_SLACK_WEBHOOK_URL_TEAM_A が設定されていません\n" +
      "webhook: 送信失敗: keruta.notify.webhook.url が設定されていません\n",
  );
  expect(stderr).toContain("3 件中 3 件");
});

test("Slack's URL comes from a file, and is never shown", async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.on("data", (part: Buffer) => bodies.push(part.toString()));
    request.on("end", () => response.writeHead(bodies.length === 1 ? 200 : 404).end("no_team"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await using surroundings = await testContext({
      KERUTA_NOTIFY_SLACK_WEBHOOK_URL_TEAM_A_FILE: "",
      KERUTA_NOTIFY_ALLOWED_HOSTS: "127.0.0.1",
    });
    const { directory, io } = surroundings;
    const file = join(directory, "url");
    await writeFile(
      file,
      `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/services/secret\n`,
    );
    const env = { ...surroundings.context.env, KERUTA_NOTIFY_SLACK_WEBHOOK_URL_TEAM_A_FILE: file };
    const context = { ...surroundings.context, env };
    expect(await runProgram(context, ["notify", "test", "-o", "json"])).toBe(0);
    expect(JSON.parse(io.stdout.text())).toMatchObject({
      ok: true,
      items: [{ channel: "slack:team-a", ok: true }],
    });
    expect(await runProgram(context, ["notify", "test", "slack:team-a"])).toBe(1);
    expect(bodies).toHaveLength(2);
    expect(io.stdout.text() + io.stderr.text()).not.toContain("services/secret");
  } finally {
    server.close();
  }
});

test("a file that is not there is told with its variable", async () => {
  const { code, stderr } = await run(["notify", "test"], {
    KERUTA_NOTIFY_SMTP_PASSWORD_FILE: "/nowhere/password",
  });
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/\/nowhere\/password of KERUTA_NOTIFY_SMTP_PASSWORD_FILE/),
  ]);
});

test("the list is empty where nothing was sent", async () => {
  const { code, stdout } = await run(["notify", "list", "--state", "failed", "-o", "json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ apiVersion: "keruta/v1", kind: "NotificationList", items: [] });
});

test("wrong rules are refused where they are set, with what is wrong", async () => {
  const { code, stderr } = await run(["settings", "set", "notify.rules", "failed(OomKilled) to email"]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/did you mean OOMKilled\?/)]);
});
