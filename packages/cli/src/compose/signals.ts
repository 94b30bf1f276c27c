import type { SignalName, Signals } from "../context/signals.ts";

/** The part of `process` that is needed. */
interface Emitter {
  on(name: SignalName, listener: () => void): unknown;
  off(name: SignalName, listener: () => void): unknown;
}

export interface SignalsDeps {
  readonly emitter: Emitter;
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number;
  /** Acts once, that many milliseconds later, unless the process has ended by then. */
  readonly after: (milliseconds: number, act: () => void) => void;
}

/**
 * Ctrl-C reaches keruta from the terminal and once more from an `npx` that it was started by; so does a service
 * manager's SIGTERM. Nobody means two things by the same signal within this time.
 */
const echoMilliseconds = 500;

/** Passes on the process's signals, and of each its echo neither to a listener nor to the system, which would kill. */
export function createProcessSignals({ emitter, clock, after }: SignalsDeps = ofProcess): Signals {
  const heard = new Map<SignalName, ReturnType<typeof hear>>();

  const hear = (name: SignalName) => {
    const listeners = new Set<() => void>();
    let last = Number.NEGATIVE_INFINITY;
    let isListening = false;
    const quietIn = () => last + echoMilliseconds - clock();
    const act = () => {
      if (quietIn() > 0) return;
      last = clock();
      for (const listener of Array.from(listeners)) listener();
    };
    const leave = () => {
      if (listeners.size > 0 || !isListening) return;
      const wait = quietIn();
      if (wait > 0) return after(wait, leave);
      isListening = false;
      emitter.off(name, act);
    };
    return {
      add(listener: () => void): () => void {
        // Each its own, though one function be given twice.
        const own = () => {
          listener();
        };
        listeners.add(own);
        if (!isListening) emitter.on(name, act);
        isListening = true;
        return () => {
          if (listeners.delete(own)) leave();
        };
      },
    };
  };

  return {
    on(name, listener) {
      const signal = heard.get(name) ?? hear(name);
      heard.set(name, signal);
      return signal.add(listener);
    },
  };
}

const ofProcess: SignalsDeps = {
  emitter: process,
  clock: () => performance.now(),
  after(milliseconds, act) {
    setTimeout(act, milliseconds).unref();
  },
};
