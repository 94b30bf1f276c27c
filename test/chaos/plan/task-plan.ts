import type { LineBlock } from "./output.ts";

export type Step =
  | ({ readonly kind: "lines" } & LineBlock)
  | { readonly kind: "sleep"; readonly seconds: number }
  /** Prints the secret, raw and in base64. */
  | { readonly kind: "secret" };

export interface PlannedArtifact {
  /** Below the workspace. */
  readonly path: string;
  readonly lines: number;
}

/** How the command ends, where nothing hits it. */
export type PlannedEnd =
  | { readonly kind: "exit"; readonly codes: readonly number[] }
  /** It kills itself. */
  | { readonly kind: "signal" }
  /** It would sleep for ever, and has this time. */
  | { readonly kind: "timeout"; readonly seconds: number }
  /** It would sleep long, and is cancelled so many milliseconds after it was accepted. */
  | { readonly kind: "cancel"; readonly after: number; readonly seconds: number };

export interface TaskPlan {
  /** Its title; no other task has it. */
  readonly key: string;
  readonly flavour: Flavour;
  readonly runner: "local" | "kubernetes";
  readonly steps: readonly Step[];
  readonly end: PlannedEnd;
  /** Restarts in place after exit code 7, which the command ends with as often. */
  readonly restarts: number;
  readonly artifacts: readonly PlannedArtifact[];
  readonly artifactsRequired: boolean;
  /** Links and names that must not lead anywhere. */
  readonly hostileFiles: boolean;
  readonly attempts: number;
  readonly retryOn: readonly string[];
  readonly priority: number;
  readonly concurrencyKey: string | null;
  readonly via: "submit" | "submit-by-worker" | "add";
  /** What is done where the process that brings it dies before its end: the same request again, or nothing. */
  readonly afterDeath: "again" | "attach" | "nothing";
}

export type Flavour =
  | "plain"
  | "code"
  | "signal"
  | "loud"
  | "rotating"
  | "many-files"
  | "large-file"
  | "hostile-files"
  | "retried"
  | "timeout"
  | "cancelled"
  | "secret"
  | "restarted"
  | "keyed";

/** The code with which attempt `number` ends by itself. */
export function codeOf(codes: readonly number[], number: number): number {
  return codes[Math.min(number, codes.length) - 1] ?? 0;
}

/** With which a command ends that is to be restarted in place. */
export const restartCode = 7;
