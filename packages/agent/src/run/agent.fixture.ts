import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import {
  decodeFrames,
  decodeLine,
  type AgentReport,
  type Control,
  type DamagedRecord,
  type LogEntry,
  type MarkRecord,
  type StreamName,
  type WireRecord,
} from "@keruta/shared/domain";

/** A directory for one test, and the agents that it started; `close` fails where a process is left. */
export interface Bench {
  readonly directory: string;
  readonly runDirectory: string;
  start(options?: StartOptions): StartedAgent;
  run(options?: StartOptions): Promise<AgentRun>;
  readSpool(): Promise<readonly LogEntry[]>;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  /** `sh -c` with this. */
  readonly sh?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** With a control channel: the command's environment. */
  readonly driver?: Readonly<Record<string, string>>;
  readonly subcommand?: readonly string[];
}

export interface StartedAgent {
  readonly child: ChildProcess;
  readonly control: Writable;
  readonly done: Promise<AgentRun>;
  /** Resolves when the wire has the text. */
  saw(text: string): Promise<void>;
}

export interface AgentRun {
  readonly code: number | null;
  readonly stderr: string;
  readonly wire: Buffer;
  readonly records: readonly (WireRecord | DamagedRecord)[];
  readonly controls: readonly Control[];
  readonly marks: readonly MarkRecord[];
  text(stream: StreamName): Buffer;
  readonly report: AgentReport | null;
}

/** The test's own process. */
type TestProcess = Pick<NodeJS.Process, "execPath" | "env" | "pid" | "kill">;

const main = join(import.meta.dirname, "../main.ts");
/** Starting from sources takes a quarter of a second without it, and tests start many agents. */
const compileCache = join(import.meta.dirname, "../../../../node_modules/.cache/keruta-agent");

/** The agent, run from its sources. */
export function agentArgv(node: string): readonly [string, ...string[]] {
  return [node, "--conditions=keruta-source", main];
}

export async function openBench(self: TestProcess): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), "keruta-agent-"));
  const runDirectory = join(directory, "run");

  const start = (options: StartOptions = {}): StartedAgent => {
    const command = options.sh === undefined ? options.command : ["sh", "-c", options.sh];
    const run = ["run", "--task-id", "t234567abc", "--run-dir", runDirectory, "--workspace", directory];
    const args = [...(options.subcommand ?? [...run, ...(options.args ?? [])])];
    if (options.driver && !options.subcommand) args.push("--control-fd", "3");
    if (command) args.push("--", ...command);
    const [program, ...programArgs] = agentArgv(self.execPath);
    const env = { PATH: self.env["PATH"], KERUTA_TEST: directory, NODE_COMPILE_CACHE: compileCache };
    const child = spawn(program, [...programArgs, ...args], {
      env: { ...env, ...options.env },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const control = child.stdio[3] as Writable;
    control.on("error", () => undefined);
    if (options.driver) {
      const commandEnv = { PATH: self.env["PATH"] ?? "", KERUTA_TEST: directory, ...options.driver };
      control.write(`${JSON.stringify({ type: "start", env: commandEnv })}\n`);
    }
    return { child, control, ...follow(child, join(runDirectory, "result.json")) };
  };
  return {
    directory,
    runDirectory,
    start,
    run: (options) => start(options).done,
    readSpool: async () => decodeFrames(await readFile(join(runDirectory, "spool"))).entries,
    async close() {
      const left = await processesOf(directory, self.pid);
      for (const pid of left) self.kill(pid, "SIGKILL");
      await rm(directory, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`The test left processes: ${left.join(", ")}`);
    },
  };
}

/** Processes whose environment holds the test's directory. */
export async function processesOf(directory: string, besides?: number): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === besides) continue;
    const environ = await readFile(`/proc/${name}/environ`, "latin1").catch(() => "");
    if (environ.includes(`KERUTA_TEST=${directory}\0`)) found.push(Number(name));
  }
  return found;
}

function follow(child: ChildProcess, resultPath: string): Pick<StartedAgent, "done" | "saw"> {
  const chunks: Buffer[] = [];
  let stderr = "";
  const stdout = child.stdout as Readable;
  stdout.on("data", (chunk: Buffer) => void chunks.push(chunk));
  (child.stderr as Readable).setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const done = new Promise<number | null>((resolve) => {
    child.once("close", (code) => {
      child.stdio[3]?.destroy();
      resolve(code);
    });
  }).then(async (code) => {
    const text = await readFile(resultPath, "utf8").catch(() => "null");
    return runOf(code, stderr, Buffer.concat(chunks), JSON.parse(text) as AgentReport | null);
  });
  const saw = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (Buffer.concat(chunks).includes(text)) resolve();
        else stdout.once("data", look);
      };
      look();
      child.once("close", () => reject(new Error(`The agent ended and never wrote ${text}: ${stderr}`)));
    });
  return { done, saw };
}

function runOf(code: number | null, stderr: string, wire: Buffer, report: AgentReport | null): AgentRun {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = wire.indexOf(10); end !== -1; end = wire.indexOf(10, start)) {
    lines.push(wire.subarray(start, end));
    start = end + 1;
  }
  const records = lines.map(decodeLine);
  const newline = Buffer.from("\n");
  return {
    code,
    stderr,
    wire,
    records,
    report,
    controls: records.flatMap((record) => (record.kind === "control" ? [record.control] : [])),
    marks: records.filter((record) => record.kind === "mark"),
    text: (stream) =>
      Buffer.concat(
        records.flatMap((record) => {
          if (record.kind !== "output" || record.stream !== stream) return [];
          return record.newline ? [record.bytes, newline] : [record.bytes];
        }),
      ),
  };
}
