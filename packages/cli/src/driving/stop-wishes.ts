import type { Signals } from "../context/signals.ts";

export type StopWish = "cancel" | "detach";

export interface StopWishes {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  readonly wish: StopWish | null;
  stop(): void;
}

/**
 * SIGINT and SIGTERM cancel the task or detach from it, as `wishAt` says at that moment; SIGHUP, a closed terminal,
 * asks to detach. After the first signal nobody listens any more, so that a second one ends the process at once.
 */
export function listenForStop(signals: Signals, wishAt: (hangUp: boolean) => StopWish): StopWishes {
  const controller = new AbortController();
  let wish: StopWish | null = null;
  const stops = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((name) =>
    signals.on(name, () => {
      wish = wishAt(name === "SIGHUP");
      stop();
      controller.abort();
    }),
  );
  const stop = () => {
    for (const unlisten of stops) unlisten();
  };
  return {
    signal: controller.signal,
    get wish() {
      return wish;
    },
    stop,
  };
}
