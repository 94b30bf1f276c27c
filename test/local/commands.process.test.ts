import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../sandbox.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
  await sandbox.file(
    "task.yaml",
    "apiVersion: keruta/v1\nkind: Task\nspec: { runner: local, command: [echo, one] }\n",
  );
  await sandbox.run(["submit", "-f", join(sandbox.directory, "task.yaml")]);
});
afterAll(() => sandbox[Symbol.asyncDispose]());

/** Each command of the bundle once, in each of its formats: what is loaded lazily must be there when it is. */
const commands: readonly (readonly string[])[] = [
  ["--help"],
  ["--help", "--lang", "ja"],
  ["version"],
  ["version", "-o", "json"],
  ...["text", "wide", "name", "json", "yaml", "jsonl"].map((format) => ["list", "-o", format]),
  ...["text", "json", "yaml"].map((format) => ["show", "@last", "-o", format]),
  ["why", "@last"],
  ["wait", "@last"],
  ["wait", "@last", "-o", "jsonl"],
  ["task", "schema"],
  ...["text", "json", "jsonl"].map((format) => ["logs", "@last", "-o", format]),
  ["logs", "@last", "--tail", "1", "--level", "INFO", "--grep", "o.e", "--timestamps"],
  ["artifacts", "list", "@last"],
  ...["text", "json", "yaml"].map((format) => ["settings", "list", "-o", format]),
  ["settings", "get", "default-image"],
  ["settings", "set", "default-image=example/a:1"],
  ["settings", "unset", "default-image"],
  ["queue", "status"],
  ["queue", "pause"],
  ["queue", "resume"],
  ["db", "check"],
  ["db", "backup", "copy.db"],
  ["explain", "OOMKilled"],
  ["explain", "137"],
  ["explain", "KRT_DB_FULL"],
  ...["bash", "zsh", "fish", "powershell"].map((shell) => ["completion", shell]),
  ["add", "--runner", "local", "--", "true"],
  ["task", "update", "@last", "--priority", "3"],
  ["cancel", "@last"],
  ["task", "delete", "@last"],
  ["attach", "@last"],
  ["submit", "--from", "@last", "-o", "jsonl"],
  ["submit", "--from", "@last", "-o", "json"],
];

describe("the built program has all that its commands load", () => {
  test.each(commands.map((args) => [args.join(" "), args] as const))("keruta %s", async (_line, args) => {
    const run = await sandbox.run(args);
    expect(run.stderr).not.toContain("KRT_INTERNAL");
    expect(run.code).toBe(0);
  });

  test("a wrong option is a usage error with the next step", async () => {
    const run = await sandbox.run(["list", "--nope"]);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^keruta: .*--nope.*\(KRT_USAGE\)\nkeruta: next: /);
  });

  test("a broken pipe ends quietly", async () => {
    const { child, ended } = sandbox.start(["submit", "--runner", "local", "-q", "--", "seq", "200000"]);
    child.stdout?.destroy();
    expect((await ended).code).toBe(0);
    const logs = sandbox.start(["logs", "@last"]);
    logs.child.stdout?.destroy();
    const run = await logs.ended;
    expect(run.code).toBe(0);
    expect(run.stderr).toBe("");
  });
});
