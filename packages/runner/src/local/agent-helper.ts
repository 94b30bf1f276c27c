import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { AgentEnd } from "./agent-process.ts";
import type { LocalRunnerDeps } from "./deps.ts";

export interface AgentHelper {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<AgentEnd>;
  stop(): void;
}

const keptWords = 4096;

/** A subcommand of the agent that works for the driver: `clone`, `collect`. Ctrl-C does not reach it. */
export function spawnHelper(
  deps: LocalRunnerDeps,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): AgentHelper {
  const [program, ...programArgs] = deps.agent;
  const child = spawn(program, [...programArgs, ...args], {
    detached: true,
    env: { ...deps.agentEnvironment, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A helper that died is told by `ended`.
  child.stdin.on("error", () => undefined);
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    words = (words + chunk).slice(-keptWords);
  });
  const ended = new Promise<AgentEnd>((resolve) => {
    child.once("error", (error) => {
      child.stdout.destroy();
      resolve({ code: null, signal: null, words: error.message });
    });
    child.once("close", (code, signal) => {
      resolve({ code, signal, words: words.trim() });
    });
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    ended,
    stop: () => void child.kill("SIGTERM"),
  };
}
