import { useEffect, useRef, useState } from "preact/hooks";
import type { Event } from "@keruta/shared/domain";
import { listen } from "./feed.ts";

export interface Live<T> {
  readonly data: T | undefined;
  readonly problem: Error | undefined;
  readonly isLoading: boolean;
  /** Looks again now. */
  readonly reload: () => void;
}

interface Options {
  /** Which events are a reason to look again; absent: all. */
  readonly concerns?: (event: Event) => boolean;
}

/** Many events at once are one look. */
const gatherMilliseconds = 250;

/** What `load` gives, loaded again when the key changes or the queue tells of a change. */
export function useLive<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  options: Options = {},
): Live<T> {
  const [state, setState] = useState<{ key: string; data?: T; problem?: Error }>({ key: "" });
  const latest = useRef({ load, options });
  latest.current = { load, options };
  const again = useRef<() => void>(() => undefined);

  useEffect(() => {
    const stop = new AbortController();
    let isRunning = false;
    let isWanted = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async () => {
      timer = undefined;
      isRunning = true;
      isWanted = false;
      try {
        const data = await latest.current.load(stop.signal);
        if (!stop.signal.aborted) setState({ key, data });
      } catch (error) {
        const problem = error instanceof Error ? error : new Error(String(error));
        if (!stop.signal.aborted)
          setState((known) => ({ ...(known.key === key ? known : {}), key, problem }));
      }
      isRunning = false;
      if (isWanted && !stop.signal.aborted) want();
    };
    const want = (delay = gatherMilliseconds) => {
      if (isRunning) isWanted = true;
      else timer ??= setTimeout(() => void run(), delay);
    };
    again.current = () => {
      want(0);
    };
    void run();
    const unlisten = listen((events) => {
      const { concerns } = latest.current.options;
      if (events === "again" || !concerns || events.some(concerns)) want();
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
      unlisten();
    };
  }, [key]);

  // What was shown stays until the next page is there: nothing jumps.
  const isCurrent = state.key === key;
  return {
    data: state.data,
    problem: isCurrent ? state.problem : undefined,
    isLoading: !isCurrent || (state.data === undefined && state.problem === undefined),
    reload: () => {
      again.current();
    },
  };
}
