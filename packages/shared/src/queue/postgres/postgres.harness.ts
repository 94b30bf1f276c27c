import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, inject } from "vitest";
import {
  createWorld,
  memoryArchive,
  type OpenStoreHarness,
  type RealStore,
  type World,
} from "../queue.harness.ts";
import type { Queue } from "../queue.ts";
import { checkPostgres } from "./check.ts";
import { openPostgresQueue, openPostgresStore, type PostgresQueueOptions } from "./open.ts";

/** Undefined where the tests have no server, and are left out. */
export const server = inject("postgres");

export interface TestDatabase {
  /** Of the database, for its owner, with the password. */
  readonly url: () => string;
  /** The same with a schema that nobody else uses. */
  readonly newSchema: () => Promise<string>;
  readonly run: (sql: string, ...values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
}

/** A database for the tests of a file. That it can be dropped at the end proves that no connection was left. */
export function testDatabase(): TestDatabase {
  const name = `t_${randomBytes(6).toString("hex")}`;
  const url = () => changedUrl(server?.url ?? "", (parsed) => (parsed.pathname = name));
  let client: pg.Client | undefined;
  const run: TestDatabase["run"] = async (sql, ...values) => {
    if (!client) throw new Error("the database is not there yet");
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  };
  beforeAll(async () => {
    if (!server) return;
    await asAdministrator(`create database ${name}`);
    client = new pg.Client({ connectionString: url(), pipeline: true });
    client.on("error", () => {});
    await client.connect();
  });
  afterAll(async () => {
    if (!server) return;
    await client?.end();
    await asAdministrator(`drop database ${name}`);
  });
  return {
    url,
    run,
    newSchema: async () => {
      const schema = `s_${randomBytes(6).toString("hex")}`;
      await run(`create schema ${schema}`);
      return inSchema(url(), schema);
    },
  };
}

export function inSchema(url: string, schema: string): string {
  return changedUrl(url, ({ searchParams }) => searchParams.set("options", `-csearch_path=${schema}`));
}

export function changedUrl(url: string, change: (parsed: URL) => void): string {
  const parsed = new URL(url);
  change(parsed);
  return parsed.href;
}

async function asAdministrator(sql: string): Promise<void> {
  const client = new pg.Client(server?.url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export interface OtherSession extends AsyncDisposable {
  readonly run: (sql: string, ...values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  /** Resolves when a session of the database waits for a lock. */
  readonly othersWait: () => Promise<void>;
}

/** Holds locks that bring calls of a queue into an order that is rare otherwise. */
export async function otherSession(url: string): Promise<OtherSession> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const run: OtherSession["run"] = async (sql, ...values) =>
    (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  return {
    run,
    othersWait: async () => {
      const waits = `select 1 from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database()`;
      while ((await run(waits)).length === 0) await pause(5);
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

export function openAt(
  url: string,
  { processes, clock }: World,
  change: Partial<PostgresQueueOptions> = {},
): Promise<Queue> {
  return openPostgresQueue({ url, processes, clock, random: randomBytes, ...change });
}

/** Each harness has a schema of its own. */
export function openPostgresHarness(database: TestDatabase): OpenStoreHarness {
  return async () => {
    const world = createWorld();
    const url = await database.newSchema();
    const { processes, clock } = world;
    const { openArchive, ...archive } = memoryArchive();
    const opened = await openPostgresStore({ url, processes, clock, random: randomBytes, openArchive });
    let { queue } = opened;
    return {
      ...opened,
      ...archive,
      world,
      reopen: async () => {
        await queue.close();
        queue = await openAt(url, world);
        return queue;
      },
      dispose: () => queue.close(),
    };
  };
}

const clock = () => Math.floor(performance.timeOrigin + performance.now());

export async function newPostgresStore(database: TestDatabase): Promise<RealStore> {
  const url = await database.newSchema();
  return {
    url,
    open: (processes) => openPostgresQueue({ url, processes, clock, random: randomBytes }),
    check: () => checkPostgres({ url }),
    remove: () => Promise.resolve(),
  };
}

export async function expectSound(url: string): Promise<void> {
  expect(await checkPostgres({ url })).toEqual([]);
}
