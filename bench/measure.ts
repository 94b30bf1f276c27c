import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export interface Measured {
  readonly code: number | null;
  readonly seconds: number;
  /** The most that was resident, in bytes; Linux only, elsewhere 0. */
  readonly memory: number;
  readonly stderr: string;
}

export interface Running {
  readonly env: NodeJS.ProcessEnv;
  /** Its standard output as it comes; thrown away without it. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** Told of each new high of its resident memory, in bytes. */
  readonly onHigh?: (pid: number, memory: number) => void;
}

/** A program as a whole process. */
async function measure(
  file: string,
  args: readonly string[],
  { env, onOutput, onHigh }: Running,
): Promise<Measured> {
  const start = performance.now();
  const child = spawn(file, args, { env, stdio: ["ignore", onOutput ? "pipe" : "ignore", "pipe"] });
  let memory = 0;
  const look = setInterval(() => {
    const now = residentOf(child.pid);
    if (now <= memory) return;
    memory = now;
    if (child.pid !== undefined) onHigh?.(child.pid, now);
  }, 50);
  const words: Buffer[] = [];
  child.stderr?.on("data", (chunk: Buffer) => words.push(chunk));
  if (onOutput) child.stdout?.on("data", onOutput);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const seconds = (performance.now() - start) / 1000;
    return { code, seconds, memory, stderr: Buffer.concat(words).toString() };
  } finally {
    clearInterval(look);
  }
}

/** As `measure`, of a program that is to succeed. */
export async function measureSuccess(
  file: string,
  args: readonly string[],
  running: Running,
): Promise<Measured> {
  const measured = await measure(file, args, running);
  if (measured.code !== 0) {
    const words = `${file} ${args.join(" ")} ended with ${String(measured.code)}`;
    throw new Error(`${words}: ${measured.stderr.slice(-2000)}`);
  }
  return measured;
}

/** The kernel's own high-water mark, so that looking now and then misses little. */
function residentOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // It has just ended, or there is no /proc.
    return 0;
  }
}
