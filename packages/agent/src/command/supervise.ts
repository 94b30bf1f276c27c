import { createProcessGroup } from "./process-group.ts";
import { createRestartDelay } from "./restart-delay.ts";
import { isStartFailure, type StartFailure } from "./start-failure.ts";
import type { CommandExit, RunningCommand } from "./start-command.ts";
import type { Stop } from "./stop.ts";
import type { Host } from "../host/host.ts";

export interface SuperviseDeps {
  readonly start: () => Promise<RunningCommand | StartFailure>;
  /** Reads the output from start to end; `commandEnded` is called at the command's exit and resolves when all is read. */
  readonly read: (command: RunningCommand) => { commandEnded(): Promise<void> };
  readonly onStarted: (pid: number, restart: number) => void;
  readonly onExited: () => void;
  readonly stop: Stop;
  /** Resolves early when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly host: Pick<Host, "signal" | "clock">;
}

export interface SuperviseOptions {
  readonly timeout: number | null;
  readonly restarts: number;
}

export interface CommandEnd {
  /** null where it was never started. */
  readonly exit: CommandExit | null;
  readonly failure: StartFailure | null;
  readonly restarts: number;
  /** Why keruta stopped it, null where it ended by itself. */
  readonly stopped: Stop["reason"];
  /** A signal that is no request to stop was passed on to it. */
  readonly signalled: boolean;
  /** False where processes of the command outlived SIGKILL. */
  readonly clean: boolean;
}

/**
 * Runs the command to its end: start, read, stop when asked, end what it left, and start again where the policy
 * says so. The timeout counts from the first start and is one for all restarts together.
 */
export async function supervise(deps: SuperviseDeps, options: SuperviseOptions): Promise<CommandEnd> {
  const { stop, host } = deps;
  const delayOf = createRestartDelay();
  const timer = createTimer(() => stop.request("timeout"));
  let last: CommandExit | null = null;
  try {
    for (let restart = 0; ; restart += 1) {
      const restarts = Math.max(0, restart - 1);
      if (stop.reason !== null) {
        // The restart that was due would have decided: a Pod that is deleted before it did not let the command end.
        const isCutShort = last !== null && stop.reason === "signal";
        const exit = isCutShort ? ({ exitCode: null, signal: "SIGTERM" } as const) : last;
        return { exit, failure: null, restarts, stopped: stop.reason, signalled: false, clean: true };
      }
      const command = await deps.start();
      if (isStartFailure(command))
        return { exit: last, failure: command, restarts, stopped: null, signalled: false, clean: true };

      const startedAt = host.clock();
      const group = createProcessGroup(command.pid, host);
      stop.enter(group);
      deps.onStarted(command.pid, restart);
      if (restart === 0 && options.timeout !== null) timer.start(options.timeout);
      const reading = deps.read(command);
      last = await command.exited;
      stop.left();
      const { reason: stopped, hasForwarded: signalled } = stop;
      await reading.commandEnded();
      const clean = await group.end();
      deps.onExited();

      const mayRestart = stopped === null && last.exitCode !== 0 && restart < options.restarts;
      if (!mayRestart) return { exit: last, failure: null, restarts: restart, stopped, signalled, clean };
      await deps.wait(delayOf(host.clock() - startedAt), stop.signal);
    }
  } finally {
    timer.clear();
  }
}

/** Node's timers hold 24.8 days at most. */
const longestTimer = 2 ** 31 - 1;

function createTimer(onEnd: () => void): { start(milliseconds: number): void; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const start = (milliseconds: number): void => {
    const step = Math.min(milliseconds, longestTimer);
    timer = setTimeout(() => (milliseconds > step ? start(milliseconds - step) : onEnd()), step);
  };
  return { start, clear: () => clearTimeout(timer) };
}
