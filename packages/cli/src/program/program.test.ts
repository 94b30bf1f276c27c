import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KerutaError } from "@keruta/shared/domain";
import { testContext } from "../compose/context.fake.ts";
import { BrokenPipe } from "../io/io.ts";
import { runProgram } from "./program.ts";

async function run(line: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using surroundings = await testContext(env);
  const code = await runProgram(surroundings.context, line);
  return { code, stdout: surroundings.io.stdout.text(), stderr: surroundings.io.stderr.text() };
}

describe("the command line", () => {
  it.each([[[]], [["--help"]], [["help"]]])("shows all commands for %j", async (line) => {
    const { code, stdout, stderr } = await run(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Usage: keruta");
    expect(stdout).toMatch(/^ {2}logs +Print or follow/m);
  });

  it.each([[["task"]], [["help", "task"]], [["task", "--help"]]])(
    "shows the commands of a group for %j",
    async (line) => {
      const { code, stdout } = await run(line);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^ {2}schema +Print the JSON Schema/m);
    },
  );

  it("shows options, formats, examples and global options of one command", async () => {
    const { stdout } = await run(["help", "task", "list"]);
    expect(stdout).toContain("--search <text>");
    expect(stdout).toContain("Formats of -o: text, wide, name, json, yaml, jsonl");
    expect(stdout).toContain("Examples:\n  # what has failed\n  keruta list --status failed");
    expect(stdout).toContain("--api-url <url>");
  });

  it("speaks Japanese by --lang and by the locale, --lang first", async () => {
    expect((await run(["list", "--help"], { LANG: "ja_JP.UTF-8" })).stdout).toContain("使い方:");
    expect((await run(["list", "--help", "--lang", "ja"])).stdout).toContain("最大件数");
    expect((await run(["--lang=en", "list", "--help"], { LC_ALL: "ja_JP.UTF-8" })).stdout).toContain(
      "Usage:",
    );
    expect((await run(["bogus"], { LC_ALL: "C", LANG: "ja_JP.UTF-8" })).stderr).toContain(
      "There is no command",
    );
  });

  it("takes global options before and after the command", async () => {
    for (const line of [
      ["-o", "json", "list"],
      ["list", "-o", "json"],
      ["list", "--output=json"],
    ]) {
      const { code, stdout } = await run(line);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        apiVersion: "keruta/v1",
        kind: "TaskList",
        items: [],
        nextCursor: null,
      });
    }
  });

  it("takes globals and a command's own flags in one group", async () => {
    for (const line of [
      ["-qo", "json", "list"],
      ["list", "-qojson"],
    ]) {
      const { code, stdout } = await run(line);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ kind: "TaskList" });
    }
    const { code, stderr } = await run(["logs", "-fo", "nonsense", "@last"]);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('-o cannot be "nonsense"'),
    });
  });

  it("leaves a value alone that looks like an option or a command", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    expect(await runProgram(context, ["add", "--title", "-quick fix", "--", "make", "-v"])).toBe(0);
    expect(await runProgram(context, ["list", "-o", "json", "--search", "-quick"])).toBe(0);
    const list = JSON.parse(io.stdout.text().slice(11)) as { items: unknown[] };
    expect(list.items).toMatchObject([{ title: "-quick fix", spec: { command: ["make", "-v"] } }]);
    expect(await runProgram(context, ["logs", "--grep", "export", "@last"])).toBe(0);
  });

  it("prints the version", async () => {
    expect((await run(["--version"])).stdout).toBe("1.2.3\n");
    expect((await run(["version"])).stdout).toBe("1.2.3\n");
    expect(JSON.parse((await run(["version", "-o", "json"])).stdout)).toMatchObject({ version: "1.2.3" });
  });
});

describe("a wrong command line", () => {
  it.each([
    [["lits"], 'There is no command "lits". (KRT_USAGE)', "Did you mean list?"],
    [["task", "shw"], 'There is no command "shw". (KRT_USAGE)', "Did you mean show?"],
    [["nosuch", "--help"], 'There is no command "nosuch". (KRT_USAGE)', "--help"],
    [["help", "nosuch"], 'There is no command "nosuch". (KRT_USAGE)', "--help"],
    [["help", "task", "shw"], 'There is no command "shw". (KRT_USAGE)', "Did you mean show?"],
    [["settings", "--bogus"], "There is no option --bogus here. (KRT_USAGE)", "--help"],
    [["--bogus"], "There is no option --bogus here. (KRT_USAGE)", "--help"],
    [["--", "list"], "No command of keruta stands before --. (KRT_USAGE)", "keruta submit -- COMMAND"],
    [["logs", "--", "export"], 'The command "export" cannot stand there. (KRT_USAGE)', "--help"],
    [["-qn", "prod", "lits"], 'There is no command "lits". (KRT_USAGE)', "Did you mean list?"],
    [["list", "--limit"], "Option --limit <number> needs a value. (KRT_USAGE)", "--help"],
    [["list", "--limt", "3"], "There is no option --limt here. (KRT_USAGE)", "Did you mean --limit?"],
    [["list", "extra"], "Too many arguments: extra. (KRT_USAGE)", "--help"],
    [["show"], "The argument task-id is missing. (KRT_USAGE)", "--help"],
    [
      ["list", "-o", "xml"],
      '-o cannot be "xml". (KRT_USAGE)',
      "Use one of: text, wide, name, json, yaml, jsonl.",
    ],
    [["show", "x", "-o", "wide"], '-o cannot be "wide". (KRT_USAGE)', "Use one of: text, json, yaml."],
    [["list", "--status", "done"], '--status cannot be "done". (KRT_USAGE)', "PENDING, IN_PROGRESS"],
    [["list", "--limit", "-1"], "--limit must be a whole number", "--help"],
    [["task", "delete", "x", "-o", "wide"], '-o cannot be "wide". (KRT_USAGE)', "Use one of: text."],
    [["queue", "pause", "-o", "nonsense"], '-o cannot be "nonsense". (KRT_USAGE)', "Use one of: text."],
    [["settings", "set", "a=b", "-o", "yaml"], '-o cannot be "yaml". (KRT_USAGE)', "Use one of: text."],
    [["serve", "-o", "yaml"], '-o cannot be "yaml". (KRT_USAGE)', "Use one of: text."],
    [["serve", "--concurrency", "2"], "without --worker there is none here. (KRT_USAGE)", "Add --worker."],
    [["install", "--workers", "3"], "--workers is of a server", "Add --server."],
    [["install", "--storage", "5Gi"], "--storage is of a server", "Add --server."],
    [["list", "--color", "red"], '--color cannot be "red". (KRT_USAGE)', "auto, always, never"],
    [["list", "--lang", "fr"], '--lang cannot be "fr". (KRT_USAGE)', "en, ja"],
    [
      ["list", "--db", "a", "--api-url", "http://x"],
      "--db and --api-url name two queues.",
      "Give one of them.",
    ],
    [["list", "--db", "postgres://u:secret@h/d"], "must not hold a password", "KERUTA_DB"],
    [["logs"], "Name tasks (@last is the newest), or select them with -l, not both.", "--help"],
    [["add"], "There is nothing to add.", "-f"],
  ])("%j exits with 2 and says what is right", async (line, sentence, hint) => {
    const { code, stdout, stderr } = await run(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain("secret");
    for (const row of stderr.trimEnd().split("\n")) expect(row).toMatch(/^keruta: /);
  });

  it("is one line of JSON with -o json, without prefix", async () => {
    const { code, stderr } = await run(["list", "--nope", "-o", "json"]);
    expect(code).toBe(2);
    expect(stderr.split("\n")).toHaveLength(2);
    const { error } = JSON.parse(stderr) as { error: Record<string, unknown> };
    expect(Object.keys(error)).toEqual(["code", "message", "hint", "details"]);
    expect(error["code"]).toBe("KRT_USAGE");
  });

  it("exits with 125 where the task's own codes are passed on", async () => {
    expect((await run(["wait"])).code).toBe(125);
    expect((await run(["task", "wait", "--nope", "x"])).code).toBe(125);
    expect((await run(["wait", "nothere"])).code).toBe(125);
    expect((await run(["-qn", "prod", "submit", "--nope"])).code).toBe(125);
    expect((await run(["attach", "--on-interrupt"])).code).toBe(125);
    expect((await run(["wait", "--simple-exit-code", "nothere"])).code).toBe(1);
  });
});

describe("failures", () => {
  it.each([
    ["mysql://h/d", "KRT_DB_UNSUPPORTED"],
    ["postgres://me@127.0.0.1:1/d", "KRT_DB_UNREACHABLE"],
    ["/proc/self/status/x.db", "KRT_DB_"],
  ])("a queue that cannot be had (%s) exits with 1", async (db, code) => {
    const { code: exit, stderr } = await run(["list"], { KERUTA_DB: db });
    expect(exit).toBe(1);
    expect(stderr).toContain(code);
    expect(stderr).toContain("keruta: next: ");
  });

  it("says in Japanese what is wrong", async () => {
    const { stderr } = await run(["show", "abc", "--lang", "ja"]);
    expect(stderr).toMatch(/^keruta: .*[ぁ-ん].*（?\(?KRT_TASK_NOT_FOUND/);
    expect(stderr).toContain("keruta: 次の手順: ");
  });

  it("ends quietly with 0 when the reader has gone", async () => {
    await using surroundings = await testContext();
    surroundings.io.stdout.failure = new BrokenPipe();
    expect(await runProgram(surroundings.context, ["settings", "list"])).toBe(0);
    expect(surroundings.io.stderr.text()).toBe("");
  });

  it("loses words that nobody can hear, and nothing with them", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    context.configure({ verbose: true });
    for (const failure of [
      new BrokenPipe(),
      new KerutaError("KRT_FILE_UNWRITABLE", { en: "full", ja: "" }),
    ]) {
      io.stderr.failure = failure;
      const words = { en: "a word", ja: "" };
      await Promise.all([context.notify(words), context.complain(words), context.explain(words)]);
      expect(await runProgram(context, ["list", "--nope"])).toBe(2);
    }
  });

  it("shows a stack only for a bug of its own, with the version", async () => {
    await using surroundings = await testContext();
    surroundings.io.stdout.failure = new TypeError("a bug");
    expect(await runProgram(surroundings.context, ["version"])).toBe(1);
    const words = surroundings.io.stderr.text();
    expect(words).toContain("keruta 1.2.3");
    expect(words).toContain("KRT_INTERNAL");
    expect(words).toMatch(/keruta: +at /);
  });

  it("fills a new queue from --config, and never from the working directory", async () => {
    await using surroundings = await testContext();
    const { context, directory, io } = surroundings;
    await writeFile(join(directory, "application.properties"), "keruta.kubernetes.default-image=stranger\n");
    await writeFile(join(directory, "mine.properties"), "keruta.kubernetes.default-image=mine\n");
    expect(
      await runProgram(context, ["settings", "get", "default-image", "--config", "mine.properties"]),
    ).toBe(0);
    expect(io.stdout.text()).toBe("mine\n");
    await using other = await testContext();
    await writeFile(
      join(other.directory, "application.properties"),
      "keruta.kubernetes.default-image=stranger\n",
    );
    expect(await runProgram(other.context, ["settings", "get", "default-image"])).toBe(0);
    expect(other.io.stdout.text()).not.toContain("stranger");
  });
});
