import type { Timers } from "../../stages/timers.ts";

/** Waits, or until one of the signals aborts. */
export async function pause(
  { timers }: { readonly timers: Timers },
  milliseconds: number,
  signals: readonly AbortSignal[],
): Promise<void> {
  const any = AbortSignal.any([...signals]);
  if (any.aborted) return;
  await new Promise<void>((resolve) => {
    const cancel = timers.after(milliseconds, resolve);
    any.addEventListener(
      "abort",
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
}
