import { signal } from "@preact/signals";

/** Milliseconds since 1970, looked at often enough for ages and running times. */
export const now = signal(0);

export function startClock(clock: () => number): void {
  const tick = () => {
    now.value = clock();
  };
  tick();
  setInterval(tick, 1000);
}
