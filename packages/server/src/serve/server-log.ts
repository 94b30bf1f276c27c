import { pino } from "pino";
import type { ServerLog } from "../deps/env.ts";

export interface ServerLogOptions {
  readonly write: (line: string) => void;
  readonly level: "info" | "warn";
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** JSON lines, with times as keruta writes them. */
export function createServerLog({ write, level, clock }: ServerLogOptions): ServerLog {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
}
