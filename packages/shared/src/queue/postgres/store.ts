import { setTimeout as pause } from "node:timers/promises";
import type { CrashPoint } from "../sql/crash-point.ts";
import type { Store } from "../sql/queue.ts";
import type { Address } from "./address.ts";
import { watchChanges } from "./changes.ts";
import type { Connections } from "./connect.ts";
import { failureOf, isCollision } from "./failures.ts";
import { createListener } from "./listener.ts";
import { eventsLock } from "./locks.ts";
import { createRunner } from "./run.ts";
import { vacuum } from "./vacuum.ts";
import { readOnce, TransactionError, writeOnce } from "./transaction.ts";

export interface StoreParts {
  readonly uid: string;
  readonly address: Address;
  readonly connections: Connections;
  readonly random: (bytes: number) => Uint8Array;
  readonly crashPoint: (name: CrashPoint) => void;
}

/** Each run finds more of the others' work done, so a few are enough; this many mean that something is wrong. */
const maxRuns = 30;

/** Programs on connections of a pool, each in a transaction of its own, beside those of any other process. */
export function createPostgresStore(parts: StoreParts): Store {
  const { uid, address, connections, random, crashPoint } = parts;
  const { pool } = connections;
  const runner = createRunner({ uid, crashPoint });
  const channel = `keruta_${uid}`;
  const transaction = { pool, runner, endLock: eventsLock(uid), channel };
  const closing = new AbortController();
  const listener = createListener({ client: connections.client, channel, random });

  const meaning = (error: unknown): unknown => {
    if (error instanceof TransactionError)
      return failureOf(error.cause, address, error.stored) ?? error.cause;
    return failureOf(error, address, "nothing") ?? error;
  };

  return {
    read: async (program) => {
      try {
        return await readOnce(transaction, program);
      } catch (error) {
        throw failureOf(error, address) ?? error;
      }
    },
    write: async (program, name) => {
      const crash = {
        beforeCommit: () => name && crashPoint(`${name}:before-commit` as CrashPoint),
        afterCommit: () => name && crashPoint(`${name}:after-commit` as CrashPoint),
      };
      for (let runs = 1; ; runs += 1) {
        try {
          return await writeOnce(transaction, program, crash);
        } catch (error) {
          if (!(error instanceof TransactionError && isCollision(error.cause)) || runs === maxRuns) {
            throw meaning(error);
          }
          // Two that keep meeting each other part.
          const [spread = 0] = random(1);
          await pause((spread / 256) * Math.min(runs, 10) * 5);
        }
      }
    },
    reclaim: async (signal) => {
      try {
        await vacuum(pool, signal);
      } catch (error) {
        throw failureOf(error, address) ?? error;
      }
    },
    changes: (signal) => watchChanges({ listener, signal: AbortSignal.any([signal, closing.signal]) }),
    close: async () => {
      closing.abort();
      await listener.close();
      await connections.close();
    },
  };
}
