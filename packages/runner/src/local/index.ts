export { driveLocally } from "./drive.ts";
export { sweepRuns } from "./sweep-runs.ts";
export type { LocalPaths, LocalRunnerDeps } from "./deps.ts";
export type { AgentCommand } from "./agent-process.ts";
