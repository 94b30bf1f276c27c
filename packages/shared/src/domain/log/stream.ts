export const streamNames = ["stdout", "stderr"] as const;
export type StreamName = (typeof streamNames)[number];

export const levels = ["DEBUG", "INFO", "WARN", "ERROR"] as const;
export type Level = (typeof levels)[number];
