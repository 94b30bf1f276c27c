import { pause } from "../compose/browser.ts";
import type { Api, Query } from "./api.ts";
import { createMessageReader, type Message } from "./messages.ts";
import { Problem } from "./problem.ts";

export interface Following {
  readonly path: string;
  readonly query?: Query;
  /** Where to go on after; of the last message once there was one. */
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
  /** True: that was the last one. */
  readonly onMessages: (messages: readonly Message[]) => boolean;
  readonly onState: (state: ConnectionState) => void;
}

/** `connecting` at first, `waiting` from when a connection was lost until the next one stands. */
export type ConnectionState = "connecting" | "connected" | "waiting" | "ended";

const firstPause = 500;
const longestPause = 10_000;
/** The server speaks every 15 s; a connection that says nothing for so long is a dead one. */
const silence = 40_000;

/** Reads a stream over as many connections as it takes: each goes on where the one before broke off. */
export async function follow(api: Api, following: Following): Promise<void> {
  const { path, query = {}, signal, onMessages, onState } = following;
  let { after } = following;
  let failures = 0;
  onState("connecting");
  while (!signal.aborted) {
    try {
      const answer = await api.send({
        path,
        query,
        accept: "text/event-stream",
        signal,
        ...(after !== undefined && { headers: { "last-event-id": after } }),
      });
      onState("connected");
      const isEnd = await readMessages(answer, signal, (messages) => {
        failures = 0;
        after = messages.findLast(({ id }) => id !== undefined)?.id ?? after;
        return onMessages(messages);
      });
      if (isEnd) {
        onState("ended");
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      // What the server refuses it refuses the next time too.
      if (error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429)
        throw error;
    }
    if (signal.aborted) return;
    onState("waiting");
    await pause(Math.min(firstPause * 2 ** failures, longestPause), signal);
    failures += 1;
  }
}

async function readMessages(
  answer: Response,
  signal: AbortSignal,
  take: (messages: readonly Message[]) => boolean,
): Promise<boolean> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return false;
  const read = createMessageReader();
  for (;;) {
    const quiet = new AbortController();
    const chunk = await Promise.race([
      reader.read(),
      pause(silence, AbortSignal.any([signal, quiet.signal])),
    ]);
    quiet.abort();
    if (!chunk || chunk.done) {
      await reader.cancel().catch(() => undefined);
      return false;
    }
    const messages = read(chunk.value);
    if (messages.length > 0 && take(messages)) {
      await reader.cancel().catch(() => undefined);
      return true;
    }
  }
}
