import { expect, test } from "vitest";
import { createSandbox } from "../sandbox.ts";

test("with keruta.logs.debug=drop, lines of level DEBUG are neither shown nor stored, and the log is complete", async () => {
  await using sandbox = await createSandbox();
  await sandbox.run(["settings", "set", "logs.debug", "drop"]);
  const script = String.raw`echo one; echo DEBUG: two; echo '{"level":"debug"}' >&2; printf '[DEBUG] a long'; sleep 1.5; echo ' one'; echo 'ERROR: three' >&2`;
  const run = await sandbox.run(["submit", "--runner", "local", "--", "sh", "-c", script]);
  expect(run.code).toBe(0);
  expect(run.stdout.toString()).toBe("one\n");
  expect(run.stderr.split("\n")[0]).toBe("ERROR: three");
  const logs = await sandbox.run(["logs", "@last"]);
  expect([logs.stdout.toString(), logs.stderr]).toEqual(["one\n", "ERROR: three\n"]);
  const records = (await sandbox.run(["logs", "@last", "-o", "jsonl"])).stdout.toString().trim().split("\n");
  const gaps = records
    .map((text) => JSON.parse(text) as { level: string; gap?: { stdoutBytes: number; stderrBytes: number } })
    .filter(({ gap }) => gap !== undefined);
  expect(gaps.every(({ level }) => level === "DEBUG")).toBe(true);
  expect(gaps.reduce((sum, { gap }) => sum + (gap?.stdoutBytes ?? 0), 0)).toBe(30);
  expect(gaps.reduce((sum, { gap }) => sum + (gap?.stderrBytes ?? 0), 0)).toBe(18);
  const shown = (await sandbox.json(["show", "@last"])) as { attempt: { log: unknown } };
  expect(shown.attempt.log).toMatchObject({ complete: true, bytes: 17 });
});
