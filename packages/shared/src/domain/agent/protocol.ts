import type { StreamDigest } from "../log/digest.ts";

/** Names inside the agent's run directory (in a Pod /keruta-run). */
export const runFiles = {
  /**
   * `AgentStart` as JSON, written aside and then linked, before anything else. Who links it owns the attempt's only
   * start: an agent that finds it there ends with 125, and a recovering driver that comes first keeps it from starting.
   */
  start: "start.json",
  /** Frames (`domain/log/frame.ts`) of everything that went out, in order. */
  spool: "spool",
  /** `AgentReport` as JSON; appears whole (written aside and renamed) when the command has ended. */
  result: "result.json",
  /** `CommandProcess` as JSON, while the command runs. */
  command: "command.json",
  socket: "agent.sock",
  /** Paths that the command named as artifacts, a JSON string a line, relative to the workspace or absolute. */
  artifacts: "artifacts.list",
  /** What `run` copied into KERUTA_ARTIFACTS from elsewhere in the image, as JSON (the agent's `Gathered`). */
  gathered: "gathered.json",
  /** The attempt's own API token, where the agent traded another one for it: the sidecar cannot do so again. */
  token: "api-token",
  /** The task's `script`, where there is one. */
  script: "script",
  /** In a Pod: KERUTA_TASK_FILE, KERUTA_ARTIFACTS, and the two ways in which a driver's `acknowledge` is heard. */
  task: "task.json",
  artifactsDirectory: "artifacts",
  acknowledged: "acknowledged",
  sidecarSocket: "sidecar.sock",
} as const;

/** Set in the command's environment for `keruta-agent progress|artifact|log|output`. */
export const socketVariable = "KERUTA_AGENT_SOCKET";

/** Lines of JSON from the driver on `--control-fd`. Its end means that the driver died: the command is stopped. */
export type DriverMessage =
  /** First, once. `env` is the command's whole environment; values never touch argv or disk. */
  | { readonly type: "start"; readonly env: Readonly<Record<string, string>> }
  | { readonly type: "stop"; readonly why: "cancel" };

export interface AgentStart {
  readonly role: "agent" | "driver";
  readonly pid: number;
  /** In the operating system's own units, as `Holder.startTime`. */
  readonly startTime: string;
}

/** The command's process group, so that a later process can end what a killed agent left. */
export interface CommandProcess {
  readonly pid: number;
  /** In the operating system's own units, as `Holder.startTime`. */
  readonly startTime: string;
}

export const startErrors = ["not-found", "not-executable", "failed"] as const;
export type StartError = (typeof startErrors)[number];

/**
 * What the agent passed on before the command's end: its driver's stop, the driver's death, a SIGTERM, as the end of a
 * Pod brings it, or another signal, which it brings where the image says so (STOPSIGNAL), and a task may send itself.
 */
export const stops = ["cancel", "driver-lost", "signal", "other-signal"] as const;
type Stopped = (typeof stops)[number];

/** What the agent knows of the command's end: at most 2 KiB of JSON, so that a termination message holds it. */
export interface AgentReport {
  readonly version: 1;
  readonly taskId: string;
  /** null where it was ended by a signal or never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly startError: StartError | null;
  readonly timedOut: boolean;
  /** null where the command ended by itself. */
  readonly stopped: Stopped | null;
  readonly restarts: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly stdout: StreamDigest;
  readonly stderr: StreamDigest;
  /** Of the last entry. */
  readonly sequence: number;
  /** False where the spool reached its bound and later bytes are not in it. */
  readonly spoolComplete: boolean;
  /** True where the command named artifacts or left files in KERUTA_ARTIFACTS: there is something to collect. */
  readonly leavesArtifacts: boolean;
  readonly oomKills: number;
  readonly peakMemoryBytes: number | null;
  /** One sentence, at most 512 characters, where there is something to say. */
  readonly message: string;
}

/** Exit codes of `keruta-agent run` where the command has none of its own. */
export const agentExitCodes = { timedOut: 124, failed: 125, notExecutable: 126, notFound: 127 } as const;

/** Of `keruta-agent resolve`, where the name does not. */
export const unresolvedExitCode = 3;
