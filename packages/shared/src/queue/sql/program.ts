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

export type Step = Query<unknown> | { readonly crashPoint: CrashPoint } | { readonly lock: Lock };

/**
 * What must not change until the transaction has ended, beyond the rows that it locks itself. SQLite lets one writer
 * in at a time and needs none of it.
 */
export type Lock =
  /** The concurrency keys that a task has taken, against other claims. */
  | { readonly of: "keys"; readonly task: string }
  /** A concurrency key, against other tasks that are added with it. */
  | { readonly of: "adding"; readonly key: string }
  /** What one channel was sent and is to be sent, against other servers. */
  | { readonly of: "channel"; readonly channel: string }
  /** All tasks, against claims. */
  | { readonly of: "claims" };

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
  /** Ends a select from one table whose row this transaction goes on to change: others wait for its end. */
  readonly lockRow: string;
  /** Ends one that takes whichever row is free: rows of `table` that others have locked are passed over. */
  readonly skipLocked: (table: string) => string;
  /** After `tasks t`, where SQLite's planner would rather take an index that then has to be sorted. */
  readonly byClaimIndex: string;
  /** The same for the claims of one namespace. */
  readonly byNamespaceIndex: string;
  /**
   * Ends the `set` of an update that makes rows much shorter. SQLite would leave each on a page of its own: 24 MB for
   * 10,000 archived blocks, and 2 MB with this.
   */
  readonly writtenAnew: (table: string) => string;
}

export type Builder = Kysely<Schema>;

/** A query of Kysely's builder or of its `sql` template. */
export interface Compilable<R> {
  compile(db: Builder): CompiledQuery<R>;
}

/** A query that is compiled once per database, with markers where its parameters go. */
export interface Statement {
  /** True for one whose effect nobody in the program asks for, and that is to be seen in the order of commits. */
  readonly atEnd?: boolean;
  /** False for a text that is made for one call: its compiled form is not kept. */
  readonly kept: boolean;
  readonly build: (db: Builder, dialect: Dialect) => Compilable<unknown>;
}

/** Stands for a parameter in a compiled query, and is replaced by its value at each run. */
class Marker {
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
  { atEnd = false }: Pick<Statement, "atEnd"> = {},
): (params: P) => Query<R> {
  const markers = new Map<string, Marker>();
  const place = (_: object, name: string | symbol): Marker => {
    const known = markers.get(String(name)) ?? new Marker(String(name));
    markers.set(known.name, known);
    return known;
  };
  // The markers are typed as the values they stand for: to the builder a value is opaque.
  const p = new Proxy({}, { get: place }) as P;
  const kept: Statement = { kept: true, atEnd, build: (db, dialect) => build(db, p, dialect) };
  return (params) => ({ statement: kept, params: params as Params });
}

/** A query whose text depends on the call. */
export function query<R>(build: (db: Builder, dialect: Dialect) => Compilable<R>): Query<R> {
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

/** Takes a lock, and tells whether others may have written since this program's earlier reads. */
export function* lock(wanted: Lock): Program<boolean> {
  const { changes } = yield { lock: wanted };
  return changes > 0;
}

/** Thrown by a program whose earlier reads no longer hold: it is run again from its beginning. */
export class Outdated extends Error {
  override readonly name = "Outdated";
}

/** The values of a compiled query's parameters for one call. */
export function valuesOf(parameters: readonly unknown[], params: Params): unknown[] {
  return parameters.map((parameter) => {
    if (!(parameter instanceof Marker)) return parameter;
    const value = params[parameter.name];
    if (value === undefined) throw new TypeError(`a query has no value for "${parameter.name}"`);
    return value;
  });
}
