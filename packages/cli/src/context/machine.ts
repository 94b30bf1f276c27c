import type { AgentCommand } from "@keruta/runner/local";
import type { BuiltPanel } from "@keruta/server/serve";
import type { DriveCrashPoint, Timers } from "@keruta/runner/stages";
import type { ProcessTable } from "@keruta/shared/queue";

/** What driving a task takes of the machine, besides what every command gets. */
export interface Machine {
  /** Without the `v`. */
  readonly nodeVersion: string;
  readonly processes: ProcessTable;
  readonly timers: Timers;
  /** How `keruta-agent` is started here. */
  readonly agent: AgentCommand;
  readonly panel: BuiltPanel;
  readonly signalGroup: (pid: number, signal: "SIGTERM" | "SIGKILL") => void;
  readonly crashPoint: (name: DriveCrashPoint) => void;
}
