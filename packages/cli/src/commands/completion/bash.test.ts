import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { hasProgram } from "../../../../../test/has-program.ts";
import { completionScripts } from "./scripts.ts";

/** What bash gives a completion for a line that ends where the cursor is, and what comes back. */
async function complete(line: string, broken: readonly string[], offered: readonly string[]) {
  const directory = await mkdtemp(join(tmpdir(), "keruta-bash-"));
  try {
    const asked = join(directory, "asked");
    const keruta = join(directory, "keruta");
    const answer = offered.map((value) => `printf '%s\\tdescribed\\n' '${value}'`).join("\n");
    await writeFile(keruta, `#!/bin/sh\nprintf '%s|' "$@" > ${asked}\n${answer}\n`);
    await chmod(keruta, 0o755);
    const words = broken.map((word) => `'${word}'`).join(" ");
    const script = `${completionScripts.bash}
COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
COMP_WORDS=(${words}) COMP_CWORD=${String(broken.length - 1)} COMP_LINE='${line}' COMP_POINT=${String(line.length)}
_keruta
printf '%s\\n' "\${COMPREPLY[@]}"
cat ${asked}`;
    const env = { PATH: `${directory}:${process.env["PATH"] ?? ""}` };
    const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", script], { env });
    const rows = stdout.trimEnd().split("\n");
    return { replies: rows.slice(0, -1), asked: rows.at(-1) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

test.skipIf(!hasProgram("bash")).each([
  ["keruta list", ["keruta", "list"], ["list"], ["list"], "list|"],
  ["keruta ", ["keruta", ""], ["add", "list"], ["add", "list"], "|"],
  [
    "keruta list --status=PEND",
    ["keruta", "list", "--status", "=", "PEND"],
    ["--status=PENDING"],
    ["PENDING"],
    "list|--status=PEND|",
  ],
  [
    "keruta list --status=",
    ["keruta", "list", "--status", "="],
    ["--status=FAILED", "--status=PENDING"],
    ["FAILED", "PENDING"],
    "list|--status=|",
  ],
  ["keruta show  @la", ["keruta", "show", "@", "la"], ["@last"], ["@last"], "show|@la|"],
  ["keruta show @la", ["keruta", "show", "@la"], ["@last"], ["@last"], "show|@la|"],
  [
    "keruta list -l team=d",
    ["keruta", "list", "-l", "team", "=", "d"],
    ["team=docs"],
    ["docs"],
    "list|-l|team=d|",
  ],
  ["keruta show --db=x ", ["keruta", "show", "--db", "=", "x", ""], ["abc"], ["abc"], "show|--db=x||"],
] as const)("bash completes %j", async (line, broken, offered, replies, asked) => {
  expect(await complete(line, broken, offered)).toEqual({ replies, asked: `__complete|--|${asked}` });
});
