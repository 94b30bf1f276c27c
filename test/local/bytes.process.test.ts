import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outputs } from "../outputs.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const mebibyte = 1024 * 1024;

describe("stdout is the task's stdout, byte for byte", () => {
  test.concurrent.each(Object.entries(outputs))("%s", async (name, bytes) => {
    const file = await sandbox.file(`bytes-${name}`, bytes);
    const idFile = `${sandbox.directory}/id-${name}`;
    const submit = ["submit", "--runner", "local", "--id-file", idFile, "--"];
    const run = await sandbox.run([...submit, "sh", "-c", 'cat "$0"; cat "$0" >&2', file]);
    expect(run.code).toBe(0);
    expect(run.stdout.equals(bytes)).toBe(true);

    const id = (await import("node:fs")).readFileSync(idFile, "utf8").trim();
    const logs = await sandbox.run(["logs", id]);
    expect(logs.stdout.equals(bytes)).toBe(true);
    expect(Buffer.from(logs.stderr, "utf8").equals(Buffer.from(bytes.toString("utf8"), "utf8"))).toBe(true);

    const { attempt } = (await sandbox.json(["show", id])) as { attempt: { log: Record<string, unknown> } };
    expect(attempt.log).toMatchObject({ bytes: bytes.length * 2, complete: true });
  });

  test("UTF-8 that is written in halves", async () => {
    const script = String.raw`printf '\343\201'; sleep 0.3; printf '\202\n'`;
    const run = await sandbox.run(["submit", "--runner", "local", "--", "sh", "-c", script]);
    expect(run.stdout.toString()).toBe("あ\n");
    const logs = await sandbox.run(["logs", "@last", "-o", "text"]);
    expect(logs.stdout.toString()).toBe("あ\n");
  });

  test("50 MB, and again from keruta logs", { timeout: 120_000 }, async () => {
    const program = `
      const line = Buffer.alloc(1024, "0123456789abcdef"); line[1023] = 10;
      const chunk = Buffer.concat(Array.from({ length: 1024 }, () => line));
      let n = 0;
      const go = () => { while (n++ < 50) if (!process.stdout.write(chunk)) return process.stdout.once("drain", go); };
      go();
    `;
    const idFile = `${sandbox.directory}/id-large`;
    const args = ["submit", "--runner", "local", "--id-file", idFile, "--", process.execPath, "-e", program];
    const run = await sandbox.run(args);
    expect(run.code).toBe(0);
    expect(run.stdout.length).toBe(50 * mebibyte);
    const id = (await import("node:fs")).readFileSync(idFile, "utf8").trim();
    const logs = await sandbox.run(["logs", id]);
    expect(digest(logs.stdout)).toBe(digest(run.stdout));
  });

  test("the order of both streams is kept in the log", async () => {
    const script = "for i in 1 2 3; do echo out $i; sleep 0.2; echo err $i >&2; sleep 0.2; done";
    await sandbox.run(["submit", "--runner", "local", "--title", "order", "--", "sh", "-c", script]);
    const logs = await sandbox.run(["logs", await newest("order"), "-o", "jsonl"]);
    const records = logs.stdout
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind?: string; stream?: string; message: string })
      .filter(({ kind }) => kind === undefined);
    expect(records.map(({ stream, message }) => `${String(stream)} ${message}`)).toEqual(
      [1, 2, 3].flatMap((i) => [`stdout out ${String(i)}`, `stderr err ${String(i)}`]),
    );
  });
});

async function newest(title: string): Promise<string> {
  const { items } = (await sandbox.json(["list"])) as { items: { id: string; title: string }[] };
  return items.find((task) => task.title === title)?.id ?? "none";
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
