import type { Listener } from "./listener.ts";

export interface ChangeSource {
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

/** Yields at once, and then after each commit of any process, many at a time as one. */
export async function* watchChanges({ listener, signal }: ChangeSource): AsyncGenerator<void> {
  if (signal.aborted) return;
  let touched = false;
  let wake: (() => void) | undefined;
  const touch = () => {
    touched = true;
    wake?.();
  };
  const unsubscribe = listener.subscribe(touch);
  signal.addEventListener("abort", touch);
  try {
    yield;
    while (!signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (touched) resolve();
      });
      wake = undefined;
      touched = false;
      if (!signal.aborted) yield;
    }
  } finally {
    signal.removeEventListener("abort", touch);
    unsubscribe();
  }
}
