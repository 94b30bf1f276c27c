import { spawn } from "node:child_process";
import { vi } from "vitest";
import type { Sandbox } from "../sandbox.ts";
import { hasProgram } from "../has-program.ts";

/** `script` of util-linux gives a program a terminal. */
export const hasTerminal = process.platform === "linux" && hasProgram("script");

interface Terminal {
  /** All that the terminal shows, what it echoes too. */
  readonly shown: () => string;
  /** Resolves once it shows that. */
  readonly shows: (text: string) => Promise<void>;
  readonly type: (keys: string) => void;
  /** As `script` passes it on: 128 and its number for a signal. */
  readonly ended: Promise<number | null>;
}

/** The built program on a terminal of its own. */
export function onTerminal(
  { directory, env }: Sandbox,
  program: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Terminal {
  const line = program.map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    cwd: directory,
    env: { ...env, SHELL: "/bin/sh", TERM: "xterm", ...more },
    stdio: "pipe",
  });
  let shown = "";
  child.stdout.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  child.stdin.on("error", () => undefined);
  return {
    shown: () => shown,
    async shows(text) {
      const look = () => {
        if (!shown.includes(text)) throw new Error(`"${text}" is not shown: ${shown}`);
      };
      await vi.waitFor(look, { timeout: 20_000, interval: 20 });
    },
    type: (keys) => void child.stdin.write(keys),
    ended: new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code));
    }),
  };
}
