/** One run of the sender, `keruta-agent collect`: a process here, an exec in a Pod elsewhere. */
export interface ArtifactStream {
  /**
   * The archive. Read one chunk at a time, the next only when the last is on its way to the disk. Ending or
   * throwing before the archive's end counts as a cut.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Tells the sender that everything is stored: the line `ok`. */
  acknowledge(): Promise<void>;
  /** Called once for each stream, at its end, good or bad. Ends a read that waits; does not reject. */
  close(): Promise<void>;
}

/** Rejects with the signal's reason as soon as it aborts, whatever the work does then. */
export function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = () => {
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the reason is the caller's own
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => {
        signal.removeEventListener("abort", onAbort);
      });
  });
}
