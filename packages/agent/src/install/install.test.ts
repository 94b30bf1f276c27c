import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { taskPieces } from "@keruta/shared/domain";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBench, type Bench } from "../run/agent.fixture.ts";

let bench: Bench;
let target: string;
beforeEach(async () => {
  bench = await openBench(process);
  target = join(bench.directory, "target");
  for (const [file, content] of [
    ["image/bin/keruta-agent", "launcher"],
    ["image/lib/ld.so", "loader"],
    ["image/lib/keruta-agent", "agent"],
  ] as const) {
    await mkdir(join(bench.directory, file, ".."), { recursive: true });
    await writeFile(join(bench.directory, file), content, { mode: 0o600 });
  }
});
afterEach(() => bench.close());

const task = {
  id: "k7m2xqaf4t",
  title: "題名 ".repeat(30_000),
  seed: Array.from({ length: 9_999 }, Math.random),
};

function install(
  env: Readonly<Record<string, string>> = {},
  args = [target, "--run-dir", bench.runDirectory],
) {
  const launcher = join(bench.directory, "image/bin/keruta-agent");
  return bench.run({ subcommand: ["install", ...args], env: { KERUTA_AGENT_LAUNCHER: launcher, ...env } });
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o7777;

test("the agent is there for every user, with the task and a directory for artifacts that all may write to", async () => {
  const pieces = taskPieces(deflateRawSync(JSON.stringify(task)));
  expect(pieces.length).toBeGreaterThan(1);
  const run = await install(Object.fromEntries(pieces));
  expect([run.code, run.stderr]).toEqual([0, ""]);
  expect(await readdir(target, { recursive: true })).toHaveLength(5);
  for (const name of ["bin", "lib", "bin/keruta-agent", "lib/ld.so", "lib/keruta-agent"])
    expect([name, await modeOf(join(target, name))]).toEqual([name, 0o755]);
  expect(await readFile(join(target, "lib/keruta-agent"), "utf8")).toBe("agent");
  expect(JSON.parse(await readFile(join(bench.runDirectory, "task.json"), "utf8"))).toEqual(task);
  expect(await modeOf(join(bench.runDirectory, "task.json"))).toBe(0o644);
  expect(await modeOf(join(bench.runDirectory, "artifacts"))).toBe(0o777);
});

test("installing again leaves whole files alone, and makes up for what a killed one left", async () => {
  await install();
  const before = await stat(join(target, "lib/keruta-agent"));
  await writeFile(join(target, "lib/ld.so"), "lo");
  await writeFile(join(target, "lib/.ld.so.part"), "l");
  await writeFile(join(bench.runDirectory, "artifacts/kept"), "1");
  expect((await install()).code).toBe(0);
  expect((await stat(join(target, "lib/keruta-agent"))).ino).toBe(before.ino);
  expect(await readFile(join(target, "lib/ld.so"), "utf8")).toBe("loader");
  expect((await readdir(join(target, "lib"))).toSorted()).toEqual(["keruta-agent", "ld.so"]);
  expect(await readdir(join(bench.runDirectory, "artifacts"))).toEqual(["kept"]);
});

test("a task that is damaged is refused, and no task file is left to mislead", async () => {
  for (const [damage, word] of [
    [{ KERUTA_TASK_JSON_0: "!" }, "base64"],
    [{ KERUTA_TASK_JSON_1: "AAAA" }, "out of line"],
    [{ KERUTA_TASK_JSON_0: "AAAA" }, "unexpected end"],
    [{ KERUTA_TASK_JSON_0: deflateRawSync(Buffer.alloc(9 << 20)).toString("base64") }, "larger than"],
  ] as const) {
    const run = await install(damage);
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(word)]);
    expect(await readdir(bench.runDirectory)).toEqual(["artifacts"]);
  }
});

test("what cannot be written is an error that names the directory and the cause", async () => {
  await writeFile(target, "a file");
  const run = await install();
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(`${target} (E`)]);
});

test("outside of the agent's image, and without a directory, there is nothing to install", async () => {
  const outside = await bench.run({ subcommand: ["install", target] });
  expect([outside.code, outside.stderr]).toEqual([1, expect.stringContaining("only in the agent's image")]);
  expect((await install({}, [])).code).toBe(2);
});
