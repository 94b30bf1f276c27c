import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createHost } from "../compose/host.ts";
import { main } from "./main.ts";

let directory: string;
let terminationMessage: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keruta-failed-run-"));
  terminationMessage = join(directory, "termination");
  await writeFile(terminationMessage, "");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A run whose own output cannot be opened. */
async function runFailingWith(error: Error): Promise<{ code: number; complaints: readonly string[] }> {
  const options = ["--task-id", "t234567abc", "--run-dir", directory];
  const complaints: string[] = [];
  const code = await main({
    ...createHost(),
    args: ["run", ...options, "--termination-message", terminationMessage, "--", "true"],
    env: {},
    onSignal: () => undefined,
    complain: (line) => void complaints.push(line),
    openOutput: () => {
      throw error;
    },
  });
  return { code, complaints };
}

const refused = Object.assign(new Error("EIO: i/o error, fstat"), { code: "EIO", syscall: "fstat" });

test("what the system refuses the agent ends a run with 125, in a sentence, which the driver reads too", async () => {
  const { code, complaints } = await runFailingWith(refused);
  const sentence = "The operating system refused what the agent needs: EIO: i/o error, fstat.";
  expect([code, complaints[0]]).toEqual([125, `keruta-agent: ${sentence}`]);
  expect(await readFile(terminationMessage, "utf8")).toBe(sentence);
});

test("a bug ends a run with 125 too, and its stack is told", async () => {
  const bug = new TypeError("x is not a function");
  const { code, complaints } = await runFailingWith(bug);
  expect([code, complaints]).toEqual([125, [bug.stack]]);
  expect(await readFile(terminationMessage, "utf8")).toBe("TypeError: x is not a function");
});

test("a report that is there already stays", async () => {
  await writeFile(terminationMessage, "{}");
  await runFailingWith(refused);
  expect(await readFile(terminationMessage, "utf8")).toBe("{}");
});
