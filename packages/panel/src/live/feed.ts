import { signal } from "@preact/signals";
import type { Event } from "@keruta/shared/domain";
import { follow, type ConnectionState } from "../api/follow.ts";
import { api } from "../session/session.ts";

export type Listener = (events: readonly Event[] | "again") => void;

const listeners = new Set<Listener>();

/** Of the stream that tells of changes. */
export const connection = signal<ConnectionState>("connecting");

/** Tells of what happens in the queue; "again": events may have been missed, look at everything. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function tell(events: readonly Event[] | "again"): void {
  for (const listener of listeners) listener(events);
}

/** False until the first stream stood: what was shown by then is as new as it. */
let hasStood = false;

/** One stream for all screens; none while nobody looks, since browsers allow a host six connections. */
export function startFeed(): () => void {
  let stop: AbortController | undefined;
  const begin = () => {
    stop ??= run();
  };
  const end = () => {
    stop?.abort();
    stop = undefined;
  };
  const look = () => {
    if (document.hidden) end();
    else begin();
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    end();
  };
}

function run(): AbortController {
  const stop = new AbortController();
  void follow(api, {
    path: "/events",
    query: { after: "latest" },
    signal: stop.signal,
    onState: (state) => {
      connection.value = state;
      // The screen was loaded before the stream stood, or while it was down.
      if (state === "connected") {
        if (hasStood) tell("again");
        hasStood = true;
      }
    },
    onMessages: (messages) => {
      tell(messages.map(({ data }) => JSON.parse(data) as Event));
      return false;
    },
  }).catch(() => {
    // Refused: the session has ended, and the login says so.
    connection.value = "ended";
  });
  return stop;
}
