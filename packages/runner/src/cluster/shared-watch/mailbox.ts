import type { Change } from "../cluster.ts";

/** Changes on their way to one reader, in order. */
export interface Mailbox<T> {
  put(change: Change<T>): void;
  fail(error: unknown): void;
  /** Ends when the signal aborts. */
  read(signal: AbortSignal): AsyncGenerator<Change<T>, void>;
}

export function createMailbox<T>(): Mailbox<T> {
  let held: Change<T>[] = [];
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;
  const touch = () => {
    wake?.();
  };
  return {
    put(change) {
      // A snapshot is all that there is: what came before it tells nothing more.
      if (change.type === "snapshot") held = held.filter(({ type }) => type === "interrupted");
      held.push(change);
      touch();
    },
    fail(error) {
      failure = { error };
      touch();
    },
    async *read(signal) {
      signal.addEventListener("abort", touch);
      try {
        while (!signal.aborted) {
          const next = held.shift();
          if (next) yield next;
          else if (failure) throw failure.error as Error;
          else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            wake = undefined;
          }
        }
      } finally {
        signal.removeEventListener("abort", touch);
      }
    },
  };
}
