import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { DriverMessage } from "@keruta/shared/domain";

/** How the agent's program is started: Node and its script, or a binary. */
export type AgentCommand = readonly [string, ...string[]];

export interface AgentProcess {
  readonly pid: number | undefined;
  /** The agent's records. */
  readonly wire: Readable;
  /** Asks the agent to stop the command: SIGTERM, and SIGKILL after its grace. */
  stop(): void;
  /** Ends the control channel, which the agent takes for the driver's death. */
  abandon(): void;
  /** The agent's own words, the last 4 KiB, and how it ended. */
  readonly ended: Promise<AgentEnd>;
}

export interface AgentEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly words: string;
}

const controlFd = 3;
const keptWords = 4096;

export interface StartAgentOptions {
  readonly agent: AgentCommand;
  /** Of `keruta-agent run`, without the control channel's. */
  readonly args: readonly string[];
  readonly command: readonly string[];
  /** The command's whole environment: it goes through the control channel, never through argv or disk. */
  readonly commandEnvironment: Readonly<Record<string, string>>;
  /** The agent's own: nothing of the task. */
  readonly agentEnvironment: Readonly<Record<string, string>>;
}

/**
 * Starts the agent in a session of its own, so that a terminal's Ctrl-C reaches keruta alone. The control channel
 * is open as long as this process lives: `kill -9` closes it too.
 */
export function startAgent(options: StartAgentOptions): AgentProcess {
  const [program, ...programArgs] = options.agent;
  const args = ["run", ...options.args, "--control-fd", String(controlFd)];
  const tail = options.command.length > 0 ? ["--", ...options.command] : [];
  const child = spawn(program, [...programArgs, ...args, ...tail], {
    detached: true,
    env: { ...options.agentEnvironment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const wire = child.stdout as Readable;
  const control = child.stdio[controlFd] as Writable;
  // A dead agent is told by `ended`; writing to it then is no error of its own.
  control.on("error", () => undefined);
  const send = (message: DriverMessage) => control.write(`${JSON.stringify(message)}\n`);
  send({ type: "start", env: options.commandEnvironment });

  let words = "";
  (child.stderr as Readable).setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-keptWords);
  });
  const ended = new Promise<AgentEnd>((resolve) => {
    child.once("error", (error) => {
      wire.destroy();
      resolve({ code: null, signal: null, words: error.message });
    });
    child.once("close", (code, signal) => {
      control.destroy();
      resolve({ code, signal, words: words.trim() });
    });
  });

  return {
    pid: child.pid,
    wire,
    stop: () => void send({ type: "stop", why: "cancel" }),
    abandon: () => control.end(),
    ended,
  };
}
