import { keepIn } from "./keep.ts";

/** All that the panel takes from its browser and the machine. */
export const browser = {
  /** Of the person, in this browser. */
  local: keepIn(() => localStorage),
  /** Of this tab, gone with it. */
  tab: keepIn(() => sessionStorage),
  /** Milliseconds since 1970. */
  clock: () => Date.now(),
  newId: () => crypto.randomUUID(),
  fetch: (input: string, init: RequestInit) => fetch(input, init),
};

/** Ends early where the signal aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = () => {
    resolve(undefined);
  };
  const timer = setTimeout(end, milliseconds);
  signal.addEventListener("abort", end);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
}
