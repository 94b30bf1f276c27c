import type { Timers } from "@keruta/runner/stages";

export interface WaitOptions {
  /** Milliseconds after which the wait ends by itself. */
  readonly longest: number;
  /** Milliseconds from now until hints count; null: they do not. */
  readonly hintsAfter: number | null;
}

/** What the loop sleeps on. What happens while it does not sleep ends the next sleep at once. */
export interface Waker {
  /** Something happened for certain. */
  readonly wake: () => void;
  /** Something may have happened. */
  readonly hint: () => void;
  /** Hints so far are answered by the look that begins now. */
  forgetHints(): void;
  /** `time`: nothing happened. */
  wait(options: WaitOptions): Promise<"woken" | "hint" | "time">;
}

export function createWaker(timers: Timers): Waker {
  let isWoken = false;
  let isHinted = false;
  let look: () => void = () => undefined;

  return {
    wake() {
      isWoken = true;
      look();
    },
    hint() {
      isHinted = true;
      look();
    },
    forgetHints() {
      isHinted = false;
    },
    async wait({ longest, hintsAfter }) {
      let hintsCount = hintsAfter === 0;
      const { promise, resolve } = Promise.withResolvers<"woken" | "hint" | "time">();
      look = () => {
        if (isWoken) resolve("woken");
        else if (isHinted && hintsCount) resolve("hint");
      };
      const stops = [timers.after(longest, () => resolve("time"))];
      if (hintsAfter !== null && hintsAfter > 0) {
        const listen = () => {
          hintsCount = true;
          look();
        };
        stops.push(timers.after(hintsAfter, listen));
      }
      look();
      const why = await promise;
      for (const stop of stops) stop();
      look = () => undefined;
      if (why === "woken") isWoken = false;
      return why;
    },
  };
}
