import { join } from "node:path";
import { expect, test } from "vitest";
import { createSandbox } from "../sandbox.ts";
import { serve } from "./serving.ts";
import { hasTerminal, onTerminal } from "./terminal.ts";

const password = "correct horse battery";
const keruta = [process.execPath, join(import.meta.dirname, "../../packages/cli/bin/keruta.cjs")];

test("people are added, changed and removed over the API and on the database alike", async () => {
  await using sandbox = await createSandbox();
  const server = await serve(sandbox);
  const logIn = async (given: string) => {
    const answer = await fetch(`${server.url}/api/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "hanako", password: given }),
    });
    await answer.arrayBuffer();
    return { status: answer.status, cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "" };
  };
  const isKnown = async (cookie: string) => {
    const answer = await fetch(`${server.url}/api/sessions/current`, { headers: { cookie } });
    await answer.arrayBuffer();
    return answer.ok;
  };
  for (const env of [server.env, {}]) {
    const user = (line: string, input = "") => sandbox.run(["user", ...line.split(" ")], { env, input });
    const added = await user("add hanako --password-stdin --bind team-a", `${password}\n`);
    expect([added.code, added.stderr]).toEqual([0, "keruta: user hanako (viewer) was added\n"]);
    const again = await user("add hanako --password-stdin", `${password}\n`);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("KRT_NAME_TAKEN")]);
    const first = await logIn(password);
    expect([first.status, await isKnown(first.cookie)]).toEqual([201, true]);

    expect((await user("update hanako --role operator --no-bind")).code).toBe(0);
    expect(await isKnown(first.cookie)).toBe(false);
    const list = JSON.parse((await user("list -o jsonl")).stdout.toString()) as object;
    expect(list).toMatchObject({ name: "hanako", role: "operator", namespaces: null });

    const second = await logIn(password);
    expect((await user("password hanako --password-stdin", "another one, longer\n")).code).toBe(0);
    expect(await isKnown(second.cookie)).toBe(false);
    expect((await logIn(password)).status).toBe(401);
    const third = await logIn("another one, longer");
    expect((await user("remove hanako")).code).toBe(0);
    expect([await isKnown(third.cookie), (await user("list")).stdout.toString()]).toEqual([
      false,
      expect.not.stringContaining("hanako"),
    ]);
    for (const line of ["remove hanako", "update hanako --role admin"]) {
      const missing = await user(line);
      expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('no user "hanako"')]);
    }
  }
  const headers = { authorization: `Bearer ${server.env["KERUTA_API_TOKEN"] ?? ""}` };
  const audit = await fetch(`${server.url}/api/audit?limit=100`, { headers });
  const { items } = (await audit.json()) as { items: readonly { action: string; details: object }[] };
  const changes = items
    .filter(({ action }) => action.startsWith("user."))
    .map(({ action, details }) => ({ action, details }));
  expect(changes).toHaveLength(8);
  expect(changes.slice(0, 4)).toEqual(changes.slice(4));
  await server.stop();
});

test.runIf(hasTerminal)("a terminal is asked for the password and shows nothing of it", async () => {
  await using sandbox = await createSandbox();
  const terminal = onTerminal(sandbox, [...keruta, "user", "add", "hanako"]);
  await terminal.shows("Password: ");
  terminal.type(`wrong\u007f\u007f\u007f\u007f\u007f${password}\r`);
  await terminal.shows("again: ");
  terminal.type(`${password}\r`);
  expect(await terminal.ended).toBe(0);
  expect(terminal.shown()).toBe(
    "Password: \r\nThe same again: \r\nkeruta: user hanako (viewer) was added\r\n",
  );
  const { stdout } = await sandbox.run(["user", "list", "-o", "name"]);
  expect(stdout.toString()).toBe("hanako\n");
});

test.runIf(hasTerminal)("Ctrl-C and Ctrl-D at the question leave all as it was", async () => {
  await using sandbox = await createSandbox();
  for (const [keys, code] of [
    ["\u0003", 130],
    ["\u0004", 2],
  ] as const) {
    const terminal = onTerminal(sandbox, [...keruta, "user", "add", "hanako"]);
    await terminal.shows("Password: ");
    terminal.type(`half${keys === "\u0004" ? "\u0015" : ""}${keys}`);
    expect(await terminal.ended).toBe(code);
    expect(terminal.shown()).not.toContain("half");
  }
  expect((await sandbox.run(["user", "list", "-o", "name"])).stdout.toString()).toBe("");
});
