import type { ProcessTable } from "../holder.ts";
import type { Queue } from "../queue.ts";
import type { ServerStore } from "../server-store.ts";
import { createSqlAccounts } from "../sql/accounts/store.ts";
import { poolRandom } from "../random-pool.ts";
import type { Context } from "../sql/context.ts";
import type { CrashPoint } from "../sql/crash-point.ts";
import { createSqlNotify } from "../sql/notify/store.ts";
import { createSqlQueue } from "../sql/queue.ts";
import { createSqlReports } from "../sql/reports/store.ts";
import { createSqlRetention } from "../sql/retention/store.ts";
import { parseAddress, type Address, type UrlAndEnvironment } from "./address.ts";
import { connect, type Connections, type ConnectOptions } from "./connect.ts";
import { failureOf } from "./failures.ts";
import { migrate } from "./migrate.ts";
import { schemaState } from "./schema-state.ts";
import { createPostgresStore } from "./store.ts";

export interface PostgresQueueOptions extends UrlAndEnvironment {
  readonly processes: ProcessTable;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /**
   * True: the clock is corrected by its distance from the server's when the queue is opened, so that processes of many
   * machines judge leases by one clock.
   */
  readonly followServerClock?: boolean;
  readonly random: (bytes: number) => Uint8Array;
  /** What the settings of a new queue are, stored in the transaction that makes it. */
  readonly firstSettings?: () => Promise<Readonly<Record<string, string>>>;
  /** Who is written as the author of the first settings. */
  readonly createdBy?: string;
  /** Besides the one that listens for changes. Default 8. */
  readonly maxConnections?: number;
  /** How long an answer is waited for before the connection is taken for broken. Default 20,000. */
  readonly answerMilliseconds?: number;
  /** For tests: may end the process at a named point. */
  readonly crashPoint?: (name: CrashPoint) => void;
}

/**
 * Opens the queue in a database, and makes its tables where there are none. Many processes may do so at once. Throws
 * KRT_USAGE for a URL that cannot be read and KRT_DB_… for all that can be wrong behind it.
 */
export async function openPostgresQueue(options: PostgresQueueOptions): Promise<Queue> {
  return (await openPostgresStore(options)).queue;
}

/** As `openPostgresQueue`, with what a server needs besides. */
export async function openPostgresStore(options: PostgresQueueOptions): Promise<ServerStore> {
  const { processes, clock, random, maxConnections, answerMilliseconds, crashPoint = () => {} } = options;
  const address = parseAddress(options);
  return await withConnections({ address, maxConnections, answerMilliseconds }, async (connections) => {
    const behind = options.followServerClock === true ? await clockDistance(connections, clock) : 0;
    const context: Context = { processes, clock: () => clock() + behind, random: poolRandom(random) };
    const uid = await bringUpToDate(connections, address, options, context);
    const store = createPostgresStore({ uid, address, connections, random: context.random, crashPoint });
    return {
      queue: createSqlQueue({ uid, name: address.name, store, context }),
      accounts: createSqlAccounts(store, context),
      reports: createSqlReports(store, context),
      retention: createSqlRetention(store, context),
      notify: createSqlNotify(store, context),
    };
  });
}

/** How far the server's clock is ahead of this one. */
async function clockDistance({ pool }: Connections, clock: () => number): Promise<number> {
  const asked = clock();
  const { rows } = await pool.query<{ now: number }>(
    "select (extract(epoch from clock_timestamp()) * 1000)::bigint as now",
  );
  return rows[0] ? Math.round(rows[0].now - (asked + clock()) / 2) : 0;
}

/** The connections are the caller's to close, unless this throws. */
export async function withConnections<T>(
  options: ConnectOptions,
  use: (connections: Connections) => Promise<T>,
): Promise<T> {
  let connections: Connections | undefined;
  try {
    connections = await connect(options);
    return await use(connections);
  } catch (error) {
    await connections?.close();
    throw failureOf(error, options.address) ?? error;
  }
}

async function bringUpToDate(
  { pool, useSchema }: Connections,
  address: Address,
  { firstSettings, createdBy = "keruta", crashPoint = () => {} }: PostgresQueueOptions,
  context: Context,
): Promise<string> {
  const client = await pool.connect();
  try {
    let state = await schemaState(client, address);
    if (state.kind !== "current") {
      const first = state.kind === "empty" ? ((await firstSettings?.()) ?? {}) : {};
      await migrate(client, state, { address, context, firstSettings: first, createdBy, crashPoint });
      state = await schemaState(client, address);
    }
    if (state.kind !== "current") throw new Error(`a queue is ${state.kind} after its migration`);
    await useSchema(client, state.schema);
    return state.uid;
  } finally {
    client.release();
  }
}
