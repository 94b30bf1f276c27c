import type { ServerLog } from "../deps/env.ts";

export interface ChoreOptions {
  /** For the log: what was not done when it fails. */
  readonly name: string;
  readonly milliseconds: number;
  readonly run: () => Promise<void>;
  readonly timers: { every(milliseconds: number, act: () => void): () => void };
  readonly log: ServerLog;
}

export interface Chore {
  /** Resolves when what runs has ended. */
  stop(): Promise<void>;
}

/** Does something at once and from time to time, one at a time; a failure is said, and tried again the next time. */
export function startChore({ name, milliseconds, run, timers, log }: ChoreOptions): Chore {
  const attempt = async () => {
    try {
      await run();
    } catch (error) {
      log.warn({ error: String(error) }, `not done, tried again later: ${name}`);
    }
  };
  let running = attempt();
  const stop = timers.every(milliseconds, () => {
    running = running.then(attempt);
  });
  return {
    async stop() {
      stop();
      await running;
    },
  };
}
