import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRoot } from "../../command-line/build.ts";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";
import { addTask, endTask, line, startTask } from "../../tasks/queued.fake.ts";
import { logsArchiveCommand, type LogsArchiveOptions } from "./archive.ts";

async function withLog() {
  const surroundings = await testContext();
  const queue = await surroundings.queue();
  const { id } = await addTask(queue, { labels: { team: "docs" } });
  const claim = await startTask(queue, id);
  const entries = [line(1, "out"), line(2, "err", "stderr"), line(3, "no newline", "stdout", false)];
  await queue.appendLog(claim.lease, entries);
  await endTask(queue, claim);
  return { surroundings, id };
}

describe("logs archive", () => {
  it("reads every flag", async () => {
    await using surroundings = await testContext();
    const seen: LogsArchiveOptions[] = [];
    const command = logsArchiveCommand(surroundings.context, async (options) => {
      seen.push(options);
    });
    await createRoot(surroundings.context)
      .addCommand(command)
      .parseAsync(["archive", "--older-than", "1d", "--to", "s3://b/p", "-o", "json"], {
        from: "user",
      });
    expect(seen[0]).toMatchObject({ tasks: [], olderThan: 86_400_000, location: "s3://b/p", format: "json" });
  });

  it.each([
    [["abc", "--older-than", "1d"], "not both"],
    [["--older-than", "soon"], "--older-than must be a duration"],
    [["--tail", "3"], "There is no option --tail here"],
  ])("refuses %j", async (words, sentence) => {
    await using surroundings = await testContext();
    expect(await runProgram(surroundings.context, ["logs", "archive", ...words])).toBe(2);
    expect(surroundings.io.stderr.text()).toContain(sentence);
  });

  it.each([
    [[], "No archive of logs is set."],
    [["--to", "ftp://x/y"], '"ftp://x/y" is no archive'],
  ])("without a place %j it says how to name one", async (words, sentence) => {
    await using surroundings = await testContext();
    expect(await runProgram(surroundings.context, ["logs", "archive", ...words])).toBe(1);
    expect(surroundings.io.stderr.text()).toContain(sentence);
    expect(surroundings.io.stderr.text()).toContain("keruta.logs.archive.location");
  });

  it("moves a log to where `logs` still reads it, once", async () => {
    const { surroundings, id } = await withLog();
    await using _ = surroundings;
    const { context, directory, io } = surroundings;
    const archive = ["logs", "archive", id, "--to", "archive", "-o", "json"];
    expect(await runProgram(context, archive)).toBe(0);
    const { archived, location } = JSON.parse(io.stdout.text()) as {
      archived: { objects: number; blocks: number };
      location: string;
    };
    expect({ archived, location }).toMatchObject({
      archived: { objects: 1, blocks: 1 },
      location: join(directory, "archive"),
    });
    let before = io.stdout.text().length;
    expect(await runProgram(context, ["logs", id, "--stream", "stdout"])).toBe(0);
    expect(io.stdout.text().slice(before)).toBe("out\nno newline");
    before = io.stdout.text().length;
    expect(await runProgram(context, archive)).toBe(0);
    expect(JSON.parse(io.stdout.text().slice(before))).toMatchObject({ archived: { objects: 0, blocks: 0 } });
  });

  it("an archive that is gone is told by name, with the next step", async () => {
    const { surroundings, id } = await withLog();
    await using _ = surroundings;
    const { context, directory, io } = surroundings;
    expect(await runProgram(context, ["logs", "archive", id, "--to", "archive"])).toBe(0);
    await rm(join(directory, "archive"), { recursive: true });
    expect(await runProgram(context, ["logs", id])).toBe(1);
    expect(io.stderr.text()).toContain("KRT_ARCHIVE_DAMAGED");
    expect(io.stderr.text()).toContain("it is not there");
  });
});

describe("logs export", () => {
  it("writes the commands' own bytes, with their digests", async () => {
    const { surroundings, id } = await withLog();
    await using _ = surroundings;
    const { context, directory, io } = surroundings;
    expect(await runProgram(context, ["logs", "export", id, "--to", "out"])).toBe(0);
    const folder = join(directory, "out", id, "1");
    expect((await readdir(folder)).toSorted()).toEqual(["export.json", "stderr.log", "stdout.log"]);
    expect(await readFile(join(folder, "stdout.log"), "utf8")).toBe("out\nno newline");
    expect(await readFile(join(folder, "stderr.log"), "utf8")).toBe("err\n");
    const { files } = JSON.parse(await readFile(join(folder, "export.json"), "utf8")) as {
      files: { path: string; sha256: string }[];
    };
    const sha256 = createHash("sha256").update("err\n").digest("hex");
    expect(files).toContainEqual({ path: `${id}/1/stderr.log`, bytes: 4, sha256 });
    expect(io.stdout.text()).toContain(`${id}/1/stdout.log\n`);
  });

  it("writes records, of tasks that labels select", async () => {
    const { surroundings, id } = await withLog();
    await using _ = surroundings;
    const { context, directory } = surroundings;
    const words = ["logs", "export", "-l", "team=docs", "--to", "out", "--format", "jsonl"];
    expect(await runProgram(context, words)).toBe(0);
    const lines = (await readFile(join(directory, "out", id, "1", "log.jsonl"), "utf8"))
      .trimEnd()
      .split("\n");
    expect(lines.map((text) => (JSON.parse(text) as { message: string }).message)).toEqual([
      "out",
      "err",
      "no newline",
    ]);
  });

  it.each([[[]], [["abc", "--all"]], [["-l", "a=b", "--all"]]])("refuses %j", async (words) => {
    await using surroundings = await testContext();
    expect(await runProgram(surroundings.context, ["logs", "export", ...words])).toBe(2);
  });
});
