import { watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";

export interface ChangeSource {
  readonly path: string;
  readonly signal: AbortSignal;
  /** Another text whenever something was committed, by anyone. */
  readonly version: () => string;
}

/**
 * A write to the WAL is seen before its commit is, by the time of one fsync, so a look that finds nothing new is
 * repeated at these distances.
 */
const laterLooks = [2, 5, 15, 50, 200, 1000, 4000];
/** Where files cannot be watched. */
const pollMilliseconds = 1000;

/** Yields at once, and then after each commit of any process. */
export async function* watchChanges({ path, signal, version }: ChangeSource): AsyncGenerator<void> {
  if (signal.aborted) return;
  let wake: (() => void) | undefined;
  let touched = false;
  const touch = () => {
    touched = true;
    wake?.();
  };
  const watcher = watchFiles(path, touch);
  signal.addEventListener("abort", touch);
  try {
    let seen = version();
    yield;
    let looks = laterLooks.length;
    while (!signal.aborted) {
      const now = version();
      if (now !== seen) {
        seen = now;
        looks = 0;
        yield;
        continue;
      }
      const pause = watcher ? laterLooks[looks] : pollMilliseconds;
      await new Promise<void>((resolve) => {
        const timer = pause === undefined ? undefined : setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (touched) wake();
      });
      wake = undefined;
      looks = touched ? 0 : looks + 1;
      touched = false;
    }
  } finally {
    signal.removeEventListener("abort", touch);
    watcher?.close();
  }
}

/** The directory is watched, not the WAL: that file goes when its last user closes, and comes again. */
function watchFiles(path: string, touch: () => void): FSWatcher | undefined {
  const names = new Set([basename(path), `${basename(path)}-wal`]);
  try {
    // It keeps the process alive: often it is all that a follower waits for.
    const watcher = watch(dirname(path), (_, name) => {
      if (name === null || names.has(name)) touch();
    });
    // Out of watches: the later looks go on without it.
    watcher.on("error", touch);
    return watcher;
  } catch {
    // No inotify, or no watches left (ENOSPC, EMFILE): polling does the same, later.
    return undefined;
  }
}
