export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";

/** While somebody listens, the signal does not end the process by itself. */
export interface Signals {
  /** Returns the function that stops listening. */
  on(name: SignalName, listener: () => void): () => void;
}

const byPerson: readonly SignalName[] = ["SIGINT", "SIGTERM"];

/**
 * Runs until it ends or a signal of `names` aborts it; the second signal finds no listener and kills the process. An
 * echo within half a second counts as the same signal.
 */
export async function interruptible<T>(
  signals: Signals,
  run: (signal: AbortSignal) => Promise<T>,
  names = byPerson,
): Promise<{ readonly interrupted: boolean; readonly value: T }> {
  const controller = new AbortController();
  const stops = names.map((name) =>
    signals.on(name, () => {
      controller.abort();
      stopAll();
    }),
  );
  const stopAll = () => {
    for (const stop of stops) stop();
  };
  try {
    const value = await run(controller.signal);
    return { interrupted: controller.signal.aborted, value };
  } finally {
    stopAll();
  }
}
