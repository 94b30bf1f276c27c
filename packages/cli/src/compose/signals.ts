import type { Signals } from "../context/signals.ts";

export function createProcessSignals(): Signals {
  return {
    on(name, listener) {
      process.on(name, listener);
      return () => {
        process.off(name, listener);
      };
    },
  };
}
