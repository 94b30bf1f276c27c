export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";

/** While somebody listens, the signal does not end the process by itself. */
export interface Signals {
  /** Returns the function that stops listening. */
  on(name: SignalName, listener: () => void): () => void;
}

/** Runs until it ends or a signal aborts it; the second signal finds no listener and kills the process. */
export async function interruptible<T>(
  signals: Signals,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly interrupted: boolean; readonly value: T }> {
  const controller = new AbortController();
  const stops = (["SIGINT", "SIGTERM"] as const).map((name) =>
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
