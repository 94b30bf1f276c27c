import { pino } from "pino";
import type { ServerLog } from "../app/env.ts";

/** JSON lines, with times as keruta writes them. */
export function createServerLog(write: (line: string) => void, level: "info" | "warn"): ServerLog {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
}
