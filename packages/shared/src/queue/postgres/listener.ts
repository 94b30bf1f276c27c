import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";

export interface ListenerOptions {
  readonly client: () => pg.Client;
  readonly channel: string;
  readonly random: (bytes: number) => Uint8Array;
}

export interface Listener {
  /** Calls `touch` whenever something may have changed, until the function that it returns is called. */
  subscribe(touch: () => void): () => void;
  close(): Promise<void>;
}

/** After this, a connection is asked whether it is still there: a server that vanished says nothing. */
const askMilliseconds = 30_000;
/** How long an own notification is waited for before notifications are taken to not come at all. */
const echoMilliseconds = 5000;
/** Where notifications do not come, as behind a pooler that gives connections away between transactions. */
const pollMilliseconds = 1000;
const firstBackoff = 100;
const lastBackoff = 10_000;

/**
 * One connection for all that listen in a process, opened when the first one does, and opened again for as long as it
 * takes when it breaks. Whatever was missed meanwhile, a touch follows each new connection.
 */
export function createListener({ client, channel, random }: ListenerOptions): Listener {
  const subscribers = new Set<() => void>();
  const closed = new AbortController();
  let listening: Promise<void> | undefined;

  const touchAll = () => {
    for (const touch of subscribers) touch();
  };
  const keepListening = async () => {
    let failures = 0;
    while (!closed.signal.aborted) {
      const heard = await listenOnce({
        connection: client(),
        channel,
        random,
        touch: touchAll,
        signal: closed.signal,
      });
      failures = heard ? 0 : failures + 1;
      const [spread = 0] = random(1);
      const longest = Math.min(firstBackoff * 2 ** failures, lastBackoff);
      await pause((longest * (256 + spread)) / 512, undefined, { signal: closed.signal }).catch(() => {});
    }
  };

  return {
    subscribe(touch) {
      subscribers.add(touch);
      listening ??= keepListening();
      return () => {
        subscribers.delete(touch);
      };
    },
    async close() {
      closed.abort();
      await listening;
    },
  };
}

interface Listening {
  readonly connection: pg.Client;
  readonly channel: string;
  readonly random: (bytes: number) => Uint8Array;
  readonly touch: () => void;
  readonly signal: AbortSignal;
}

/** Listens until the connection breaks or the signal aborts, and tells whether it came to listen at all. */
async function listenOnce({ connection, channel, random, touch, signal }: Listening): Promise<boolean> {
  const over = new AbortController();
  const end = () => over.abort();
  for (const event of ["end", "error"] as const) connection.on(event, end);
  signal.addEventListener("abort", end);
  const own = `keruta_${Buffer.from(random(8)).toString("hex")}`;
  const echo = Promise.withResolvers<boolean>();
  connection.on("notification", ({ channel: from }) => {
    if (from === own) echo.resolve(true);
    else touch();
  });
  try {
    await connection.connect();
    for (const name of [channel, own]) await connection.query(`listen ${pg.escapeIdentifier(name)}`);
    touch();
    await connection.query("select pg_notify($1, '')", [own]);
    const isHeard = await Promise.race([echo.promise, rest(echoMilliseconds, over.signal).then(() => false)]);
    let sinceAsked = 0;
    while (!over.signal.aborted) {
      const step = isHeard ? askMilliseconds : pollMilliseconds;
      await rest(step, over.signal);
      if (!isHeard) touch();
      sinceAsked += step;
      if (sinceAsked < askMilliseconds || over.signal.aborted) continue;
      await connection.query("select 1");
      sinceAsked = 0;
    }
    return true;
  } catch {
    // What is wrong with the server, the calls that need it tell.
    return false;
  } finally {
    signal.removeEventListener("abort", end);
    await connection.end().catch(() => {});
  }
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal }).catch(() => {});
}
