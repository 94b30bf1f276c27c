import { isTransient } from "../../cluster/index.ts";
import type { Timers } from "../../stages/timers.ts";

const firstWait = 500;

/** While the cluster is away, asks again after pauses that double, to `longestWait` milliseconds; then throws. */
export async function askAgain(
  timers: Pick<Timers, "after">,
  longestWait: number,
  ask: () => Promise<unknown>,
): Promise<void> {
  for (let wait = firstWait; ; wait *= 2) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!isTransient(error) || wait > longestWait) throw error;
    }
    await new Promise<void>((resolve) => void timers.after(wait, resolve));
  }
}
