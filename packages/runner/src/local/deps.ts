import type { RunnerDeps } from "../stages/deps.ts";
import type { AgentCommand } from "./agent-process.ts";

export interface LocalPaths {
  /** One directory per attempt while it runs. */
  readonly runs: string;
  /** What stands for persistent volume claims. */
  readonly claims: string;
  readonly secrets: string;
  readonly configMaps: string;
  /** `<artifacts>/<id>/<attempt>` */
  readonly artifacts: string;
}

export interface LocalRunnerDeps extends RunnerDeps {
  readonly paths: LocalPaths;
  readonly agent: AgentCommand;
  /** What a command sees of this machine: PATH, HOME and the like, never the driver's own secrets. */
  readonly hostEnvironment: Readonly<Record<string, string>>;
  /** For processes of keruta's own: the agent and git. */
  readonly agentEnvironment: Readonly<Record<string, string>>;
  readonly signalGroup: (pid: number, signal: "SIGTERM" | "SIGKILL") => void;
}
