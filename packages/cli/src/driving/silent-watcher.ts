import type { Watcher } from "./watcher.ts";

/** For `-o json`, where stdout is one document at the end and neither stream is printed. */
export function createSilentWatcher(): Watcher {
  const nothing = async () => undefined;
  return {
    attempt: nothing,
    phase: () => undefined,
    entries: nothing,
    notice: () => undefined,
    artifacts: () => undefined,
    settled: nothing,
    flush: nothing,
  };
}
