import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8's heap near what is alive, for a process that lets much data through. Both are read at each growth, so they
 * may be set at any time.
 *
 * The space for new objects stays at its first size: a stream makes small objects for each chunk, so a space that has
 * grown is collected seldom, and holds the chunks until then: 300 MB of exec took 165 MB of memory, and 105 MB with
 * this, at the same speed. The space for old ones is collected when it has grown by three tenths, where V8 allows up
 * to four times of what was alive.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=30");
}
