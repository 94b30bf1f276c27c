export type { Drive, DriveSignals } from "./attempts.ts";
export { backOff } from "./decisions.ts";
export type { Away, WorkerReport } from "./report.ts";
export { createWorker, type Worker, type WorkerEnd, type WorkerOptions } from "./worker.ts";
