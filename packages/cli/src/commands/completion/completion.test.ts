import { describe, expect, it } from "vitest";
import type { Context } from "../../context/context.ts";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";
import { addTask } from "../../tasks/queued.fake.ts";

async function values(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using surroundings = await testContext(env);
  const queue = env["KERUTA_DB"] === undefined ? await surroundings.queue() : undefined;
  if (queue) await addTask(queue, { title: "bad\ttitle\n", labels: { team: "docs" } });
  const code = await runProgram(surroundings.context, ["__complete", "--", ...words]);
  expect(code).toBe(0);
  expect(surroundings.io.stderr.text()).toBe("");
  const rows = surroundings.io.stdout.text().split("\n").slice(0, -1);
  for (const row of rows) expect(row.split("\t")).toHaveLength(2);
  return rows.map((row) => row.split("\t")[0]);
}

describe("completion", () => {
  it.each([
    [["expl"], ["explain"]],
    [["task", "sh"], ["show"]],
    [["list", "--sta"], ["--status"]],
    [["list", "--status", "PEND"], ["PENDING"]],
    [["list", "--status=PEND"], ["--status=PENDING"]],
    [["-o", "json", "explain", "OOM"], ["OOMKilled"]],
    [
      ["list", "-o", "j"],
      ["json", "jsonl"],
    ],
    [["show", "-o", "j"], ["json"]],
    [["settings", "get", "keruta.kubernetes.default-n"], ["keruta.kubernetes.default-namespace"]],
    [["list", "-l", ""], ["team=docs"]],
    [["add", "--label", "te"], ["team=docs"]],
    [["completion", "z"], ["zsh"]],
    [["add", "--", "l"], []],
    [["show", "x", ""], []],
    [["logs", "--tail", "1", "-o", "json", "@"], ["@last"]],
    [["-qo", "json", "explain", "OOM"], ["OOMKilled"]],
    [["logs", "ex"], ["export"]],
    [["logs", "@"], ["@last"]],
    [["logs", "--grep", "export", "@"], ["@last"]],
    [["logs", "export", "@"], ["@last"]],
    [["list", "-qo", "jsonl", "--status", "PEND"], ["PENDING"]],
  ])("%j", async (words, expected) => {
    expect(await values(words)).toEqual(expected);
  });

  it("offers ids, and more of them where several may be given", async () => {
    expect(await values(["show", ""])).toEqual([expect.stringMatching(/^[a-z2-7]{10}$/), "@last"]);
    expect(await values(["cancel", "x", ""])).toHaveLength(2);
  });

  it("is silent when the queue cannot be had", async () => {
    expect(await values(["show", ""], { KERUTA_DB: "/dev/null/x" })).toEqual([]);
  });

  it("asks the queue that the line names, in its words", async () => {
    await using surroundings = await testContext();
    const line = ["--db", "other.db", "-q", "--lang", "ja", "list", "--sta"];
    expect(await runProgram(surroundings.context, ["__complete", "--", ...line])).toBe(0);
    expect(surroundings.context.globals).toEqual({ db: "other.db", quiet: true, lang: "ja" });
    expect(surroundings.io.stdout.text()).toMatch(/^--status\t.*[ぁ-ん]/);
  });

  it("gives up on a queue that does not answer, and waits for none of it", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const silent: Context = Object.create(context, {
      openQueue: { value: () => Promise.withResolvers<never>().promise },
      close: { value: () => Promise.withResolvers<never>().promise },
    });
    expect(await runProgram(silent, ["__complete", "--", "show", ""])).toBe(0);
    expect(io.stdout.text()).toBe("");
  });

  it.each(["bash", "zsh", "fish", "powershell"])("prints a script for %s", async (shell) => {
    await using surroundings = await testContext();
    expect(await runProgram(surroundings.context, ["completion", shell])).toBe(0);
    expect(surroundings.io.stdout.text()).toContain("keruta __complete -- ");
  });
});
