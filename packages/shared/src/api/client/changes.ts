import { setTimeout as pause } from "node:timers/promises";
import { eventStreamType } from "../wire.ts";
import type { Http } from "./http.ts";
import { readServerSentEvents } from "./sse.ts";

/** Without the stream a change is noticed this late; a stream that broke is opened again after it. */
const reopenMilliseconds = 1000;

/**
 * Yields at once, and then whenever the server says that something may have changed. While the server is away it
 * yields about every second: whoever looks then meets the error itself.
 */
export async function* watchChanges(http: Http, signal: AbortSignal): AsyncGenerator<void> {
  if (signal.aborted) return;
  yield;
  while (!signal.aborted) {
    try {
      const chunks = http.chunks({ path: "/events/hints", headers: { accept: eventStreamType }, signal });
      for await (const _ of readServerSentEvents(chunks)) yield;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Error)) throw error;
    }
    await pause(reopenMilliseconds, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) yield;
  }
}
