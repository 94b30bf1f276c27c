import type { Timers } from "../../../stages/timers.ts";

/** Resolves after that many milliseconds; rejects with the signal's reason as soon as it aborts. */
export function waitFor(milliseconds: number, timers: Timers, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const cancel = timers.after(milliseconds, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    const onAbort = () => {
      cancel();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
