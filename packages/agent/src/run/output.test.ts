import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputRecord } from "@keruta/shared/domain";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBench, type AgentRun, type Bench } from "./agent.fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench(process);
});
afterEach(() => bench.close());

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("output", () => {
  test.each<[string, Buffer]>([
    ["nothing", Buffer.alloc(0)],
    ["no last newline", Buffer.from("a\nb")],
    [
      "NUL, invalid UTF-8 and keruta's own escape",
      Buffer.from([0, 0xff, 0xfe, 10, 0x1f, 0x4f, 0x1f, 10, 0x1e, 13, 10, 0xe3, 10]),
    ],
    ["CRLF and progress bars", Buffer.from("one\r\ntwo\r\n10%\r20%\r30%\r\n\r\n")],
    ["a line of 200 KiB", Buffer.concat([Buffer.alloc(200 * 1024, "あ"), Buffer.from("\nend\n")])],
    [
      "lines around a record's size",
      Buffer.from([7_995, 7_996, 7_999, 8_000, 8_001].map((n) => "x".repeat(n)).join("\n")),
    ],
  ])("comes through byte by byte: %s", async (_, bytes) => {
    await writeFile(join(bench.directory, "data"), bytes);
    const run = await bench.run({ sh: "cat data; cat data >&2" });
    for (const stream of ["stdout", "stderr"] as const) {
      expect(run.text(stream).equals(bytes)).toBe(true);
      expect(run.report?.[stream]).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
    }
    expect(await spooledText("stdout")).toEqual(bytes);
    expectWhole(run);
  });

  test("of 50 MB comes through, in flat memory though its reader is slow", async () => {
    const program =
      'const line = `${"x".repeat(99)}\\n`.repeat(1000); for (let i = 0; i < 500; i += 1) require("fs").writeSync(1, line);';
    const agent = bench.start({ command: [process.execPath, "-e", program] });
    const { stdout } = agent.child;
    let peak = 0;
    const slow = setInterval(() => {
      stdout?.pause();
      peak = Math.max(peak, residentBytes(agent.child.pid ?? 0));
      setTimeout(() => stdout?.resume(), 20);
    }, 60);
    const run = await agent.done;
    clearInterval(slow);
    const expected = Buffer.from(`${"x".repeat(99)}\n`.repeat(500_000));
    expect(run.text("stdout").equals(expected)).toBe(true);
    expect(run.report?.stdout).toEqual({ bytes: 50_000_000, sha256: sha256(expected) });
    expect(run.report?.spoolComplete).toBe(true);
    expect(peak).toBeGreaterThan(20e6);
    expect(peak).toBeLessThan(260e6);
    expectWhole(run);
  }, 60_000);

  test("of both streams keeps each one's order", async () => {
    const run = await bench.run({ sh: "for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done" });
    expect(run.text("stdout").toString()).toBe("out 1\nout 2\nout 3\nout 4\nout 5\n");
    expect(run.text("stderr").toString()).toBe("err 1\nerr 2\nerr 3\nerr 4\nerr 5\n");
  });

  test("without a newline is shown after a moment of silence", async () => {
    const agent = bench.start({ sh: "printf 'Continue? '; sleep 5; echo late", driver: {} });
    const started = performance.now();
    await agent.saw("Continue? ");
    expect(performance.now() - started).toBeLessThan(4_000);
    agent.control.write('{"type":"stop","why":"cancel"}\n');
    await agent.done;
  });

  test("begins with a mark and ends with one that counts it", async () => {
    const run = await bench.run({ sh: "echo abc; printf xy >&2; sleep 1.2; echo d" });
    expect(run.marks.at(-1)).toMatchObject({
      end: true,
      stdoutBytes: 6,
      stderrBytes: 2,
      sequence: run.report?.sequence,
    });
    expect(run.records.at(-1)?.kind).toBe("mark");
    expect(run.records[0]).toMatchObject({ kind: "mark", end: false, sequence: 0 });
    expect(run.marks[1]).toMatchObject({ end: false, stdoutBytes: 4, stderrBytes: 2 });
  });

  test("that nobody reads does not stop the command", async () => {
    const agent = bench.start({ sh: "seq 100000; touch done; exit 3" });
    agent.child.stdout?.destroy();
    const run = await agent.done;
    expect(run.code).toBe(3);
    expect(run.report?.message).toContain("EPIPE");
    expect((await spooledText("stdout")).length).toBe(588_895);
  });
});

describe("control lines", () => {
  const sh =
    "echo a; echo '::keruta:progress 40 compiling'; echo '::keruta:bad'; printf '::keruta:artifact out/x'";

  test("become controls, and the rest stays text", async () => {
    const run = await bench.run({ sh });
    expect(run.text("stdout").toString()).toBe("a\n::keruta:bad\n");
    expect(run.controls.slice(1)).toEqual([
      { type: "progress", percent: 40, message: "compiling" },
      { type: "artifact", path: "out/x" },
    ]);
    expect(run.controls[0]).toMatchObject({ type: "started", restart: 0 });
    expect((await bench.readSpool()).filter(({ kind }) => kind === "control")).toHaveLength(3);
    expectWhole(run);
  });

  test("are left alone where they are off", async () => {
    const run = await bench.run({ sh, args: ["--control-lines", "off"] });
    expect(run.text("stdout").toString()).toBe(
      "a\n::keruta:progress 40 compiling\n::keruta:bad\n::keruta:artifact out/x",
    );
    expect(run.controls.map(({ type }) => type)).toEqual(["started"]);
  });
});

describe("masking", () => {
  test("hides a secret in output, controls and base64, also in pieces", async () => {
    const secret = "s3cr3t-välue";
    const program = `const s = process.env.TOKEN; const w = (t) => require("fs").writeSync(1, t);
      for (const c of Buffer.from(s)) { w(Buffer.of(c)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30); }
      w("\\n" + Buffer.from("user:" + s).toString("base64") + "\\n::keruta:log INFO token=" + s + "\\n"); process.stderr.write(s);`;
    const run = await bench.run({
      args: ["--mask-env", "TOKEN", "--mask-env", "PIN"],
      command: [process.execPath, "-e", program],
      env: { TOKEN: secret, PIN: "123" },
    });
    const stdout = run.text("stdout").toString();
    expect(stdout).toMatch(/^\*\*\*\ndXNlcj.{0,4}\*\*\*.{0,4}\n$/);
    expect(run.text("stderr").toString()).toBe("***");
    expect(run.controls).toContainEqual({ type: "log", level: "INFO", message: "token=***" });
    expect(run.controls).toContainEqual({
      type: "log",
      level: "WARN",
      message: "The value of PIN is shorter than 4 bytes and is not masked.",
    });
    expect(run.report?.stdout.sha256).toBe(sha256(Buffer.from(stdout)));
    expect(run.wire.includes(secret) || run.wire.includes("s3cr")).toBe(false);
  });
});

describe("the spool", () => {
  test("stops at its bound, says so, and lets the output go on", async () => {
    const run = await bench.run({ args: ["--spool-bytes", "10000"], sh: "seq 20000; exit 2" });
    expect(run.code).toBe(2);
    expect(run.text("stdout").length).toBe(108_894);
    expect(run.report).toMatchObject({
      spoolComplete: false,
      message: expect.stringContaining("bound of 10000 bytes") as string,
    });
    const spooled = await bench.readSpool();
    expect(spooled.map(({ sequence }) => sequence)).toEqual(spooled.map((_, index) => index + 1));
  });

  test.skipIf(process.getuid?.() !== 0)(
    "on a full disk neither fails nor slows the command (needs root)",
    async () => {
      await mkdir(bench.runDirectory);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", bench.runDirectory]);
      try {
        const run = await bench.run({ sh: "seq 200000; exit 8" });
        expect(run.code).toBe(8);
        expect(run.text("stdout").length).toBe(1_288_895);
        expect(run.report).toMatchObject({ exitCode: 8, spoolComplete: false });
        expect(run.report?.message).toContain("ENOSPC");
      } finally {
        execFileSync("umount", [bench.runDirectory]);
      }
    },
  );
});

async function spooledText(stream: "stdout" | "stderr"): Promise<Buffer> {
  const records = (await bench.readSpool()).filter(
    (entry) => entry.kind === "output" && entry.stream === stream,
  );
  return Buffer.concat(
    records.flatMap((entry) => {
      const { bytes, newline } = entry as OutputRecord & typeof entry;
      return newline ? [bytes, Buffer.from("\n")] : [bytes];
    }),
  );
}

/** No record is damaged, and marks, report and spool count the same. */
function expectWhole(run: AgentRun): void {
  expect(run.records.filter(({ kind }) => kind === "damaged")).toEqual([]);
  const entries = run.records.filter(({ kind }) => kind === "output" || kind === "control");
  expect(run.report?.sequence).toBe(entries.length);
  expect(run.marks.at(-1)).toMatchObject({ end: true, sequence: entries.length });
}

function residentBytes(pid: number): number {
  try {
    // Linux may have no ps.
    const kilobytes =
      process.platform === "linux"
        ? /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"))?.[1]
        : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    // It ended.
    return 0;
  }
}
