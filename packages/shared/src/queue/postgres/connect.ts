import pg from "pg";
import type { Address } from "./address.ts";
import { databaseCodeOf } from "./failures.ts";
import { sessionSettings } from "./session.ts";
import { tlsChoices, type Tls } from "./tls.ts";
import { types } from "./types.ts";

/**
 * An answer that takes longer does not come: the server or the way to it is gone, and TCP would wait for 15 minutes.
 * Longer than a lock is waited for, and short enough for a heartbeat to try again before its lease ends.
 */
const defaultAnswerMilliseconds = 20_000;
/** Shorter for a connection that only asks whether it is still there. */
const listenerMilliseconds = 10_000;
/** PostgreSQL starts with 100 connections for all; commits of one queue wait for each other anyway. */
const defaultConnections = 8;

export interface Connections {
  readonly pool: pg.Pool;
  /** Waits for what is under way. */
  readonly close: () => Promise<void>;
  /** One that is not the pool's, for notifications. */
  readonly client: () => pg.Client;
  /** Names resolve to this schema from now on, on this connection and on those that are made later. */
  readonly useSchema: (first: pg.ClientBase, name: string) => Promise<void>;
}

export interface ConnectOptions {
  readonly address: Address;
  readonly maxConnections?: number | undefined;
  readonly answerMilliseconds?: number | undefined;
}

/** Makes the first connection, so that what is wrong with the address is known. */
export async function connect(options: ConnectOptions): Promise<Connections> {
  const [first = false, ...others] = tlsChoices(options.address);
  try {
    return await connectWith(options, first);
  } catch (error) {
    const [next] = others;
    if (next === undefined || databaseCodeOf(error) !== "NO_TLS") throw error;
    return await connectWith(options, next);
  }
}

async function connectWith(options: ConnectOptions, tls: Tls): Promise<Connections> {
  const { address, maxConnections: max = defaultConnections, answerMilliseconds } = options;
  const config = configOf(address, tls, answerMilliseconds);
  let schema: string | undefined;
  // The driver leaves a connection open that it could not log in with.
  const open = new Set<pg.Client>();
  class KnownClient extends pg.Client {
    constructor(options?: pg.ClientConfig) {
      super(options);
      open.add(this);
      this.on("end", () => open.delete(this));
    }
  }
  const pool = new pg.Pool({ ...config, max, idleTimeoutMillis: 30_000, Client: KnownClient });
  const close = async () => {
    await pool.end();
    await Promise.all(Array.from(open, (client) => client.end()));
  };
  // An idle connection that breaks is the pool's to replace; one in use tells it to who asked for something.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    client.on("error", () => {});
    // Goes before the first query on the same way; where it cannot, that query tells why.
    client.query(sessionSettings(schema)).catch(() => {});
  });
  try {
    (await pool.connect()).release();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    pool,
    close,
    client: () => new pg.Client({ ...config, query_timeout: listenerMilliseconds }),
    useSchema: async (first, name) => {
      schema = name;
      await first.query(sessionSettings(schema));
    },
  };
}

function configOf(
  address: Address,
  ssl: Tls,
  answerMilliseconds = defaultAnswerMilliseconds,
): pg.ClientConfig {
  const { host, port, user, database, password, options, connectSeconds } = address;
  return {
    host,
    port,
    user,
    database,
    password: () => password() ?? "",
    ssl,
    options,
    application_name: "keruta",
    connectionTimeoutMillis: connectSeconds * 1000,
    query_timeout: answerMilliseconds,
    keepAlive: true,
    // Queries are sent without waiting for what was sent before: begin, events and commit cost no way of their own.
    pipeline: true,
    types,
  };
}
