import type { CompiledQuery, Kysely } from "kysely";
import type { CrashPoint } from "./crash-point.ts";
import type { Schema } from "./schema.ts";

/**
 * What a state change does, as a generator of queries.
 *
 * SQLite runs one synchronously from BEGIN to COMMIT, so that no other call of the process comes in between and
 * the write lock is held for as short a time as can be; PostgreSQL can await each query. The programs do not
 * know which.
 */
export type Program<T> = Generator<Step, T, Outcome>;

export type Step = Query<unknown> | { readonly crashPoint: CrashPoint };

export interface Query<R> {
  readonly statement: Statement;
  readonly params: Params;
  /** Never set: carries the type of the rows. */
  readonly row?: R;
}

export interface Outcome {
  readonly rows: readonly unknown[];
  readonly changes: number;
}

type Value = string | number | null | Uint8Array;
export type Params = Readonly<Record<string, Value>>;

/** Differences of syntax between databases. */
export interface Dialect {
  /** Appended to a select whose row will be updated. */
  readonly skipLocked: string;
  /** After `tasks t`, where SQLite's planner would rather take an index that then has to be sorted. */
  readonly byClaimIndex: string;
}

export type Builder = Kysely<Schema>;

/** A query of Kysely's builder or of its `sql` template. */
export interface Compilable<R> {
  compile(db: Builder): CompiledQuery<R>;
}

/** A query that is compiled once per database, with markers where its parameters go. */
export interface Statement {
  /** False for a text that is made for one call: its compiled form is not kept. */
  readonly kept: boolean;
  readonly build: (db: Builder, dialect: Dialect) => Compilable<unknown>;
}

/** Stands for a parameter in a compiled query, and is replaced by its value at each run. */
export class Marker {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Declares a query. Building and compiling one costs Kysely 20 to 60 µs, several times what SQLite takes to run
 * it, so it is done once; `p.name` stands for the value that each call gives.
 */
export function statement<P extends object, R = never>(
  build: (db: Builder, p: P, dialect: Dialect) => Compilable<R>,
): (params: P) => Query<R> {
  const markers = new Map<string, Marker>();
  const place = (_: object, name: string | symbol): Marker => {
    const known = markers.get(String(name)) ?? new Marker(String(name));
    markers.set(known.name, known);
    return known;
  };
  // The markers are typed as the values they stand for: to the builder a value is opaque.
  const p = new Proxy({}, { get: place }) as P;
  const kept: Statement = { kept: true, build: (db, dialect) => build(db, p, dialect) };
  return (params) => ({ statement: kept, params: params as Params });
}

/** A query whose text depends on the call. */
export function query<R>(build: (db: Builder) => Compilable<R>): Query<R> {
  return { statement: { kept: false, build }, params: {} };
}

export function* all<R>(of: Query<R>): Program<readonly R[]> {
  const { rows } = yield of;
  return rows as readonly R[];
}

export function* first<R>(of: Query<R>): Program<R | undefined> {
  const { rows } = yield of;
  return rows[0] as R | undefined;
}

/** Runs a write and tells how many rows it changed. */
export function* run(of: Query<unknown>): Program<number> {
  const { changes } = yield of;
  return changes;
}

export function* at(crashPoint: CrashPoint): Program<void> {
  yield { crashPoint };
}
