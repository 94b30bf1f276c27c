import type { Database, Statement as Prepared } from "better-sqlite3";
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { CrashPoint } from "../sql/crash-point.ts";
import {
  valuesOf,
  type Builder,
  type Dialect,
  type Outcome,
  type Program,
  type Statement,
  type Step,
} from "../sql/program.ts";
import type { Schema } from "../sql/schema.ts";

/** SQLite locks the whole file, so a row needs no lock of its own. */
const dialect: Dialect = {
  lockRow: "",
  skipLocked: () => "",
  byClaimIndex: "indexed by tasks_claim",
  byNamespaceIndex: "indexed by tasks_claim_namespace",
  // Under another rowid it is a new row behind all others, and pages without rows are freed.
  writtenAnew: (table) => `, rowid = (select max(rowid) + 1 from ${table})`,
};

const builder: Builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export interface Runner {
  /** Runs a program to its end on the connection, in whatever transaction is open. */
  run<T>(program: Program<T>): T;
  reach(crashPoint: CrashPoint): void;
}

export function createRunner(db: Database, crashPoint: (name: CrashPoint) => void): Runner {
  const prepared = new Map<Statement, Ready>();

  const execute = (step: Step): Outcome => {
    if ("crashPoint" in step) {
      crashPoint(step.crashPoint);
      return nothing;
    }
    if ("lock" in step) return nothing;
    let ready = prepared.get(step.statement);
    if (!ready) {
      ready = prepare(db, step.statement);
      if (step.statement.kept) prepared.set(step.statement, ready);
    }
    const values = valuesOf(ready.parameters, step.params);
    if (ready.prepared.reader) return { rows: ready.prepared.all(...values), changes: 0 };
    return { rows: [], changes: ready.prepared.run(...values).changes };
  };

  return {
    run(program) {
      let step = program.next(nothing);
      while (step.done !== true) step = program.next(execute(step.value));
      return step.value;
    },
    reach: crashPoint,
  };
}

const nothing: Outcome = { rows: [], changes: 0 };

interface Ready {
  readonly prepared: Prepared;
  readonly parameters: readonly unknown[];
}

function prepare(db: Database, statement: Statement): Ready {
  const { sql, parameters } = statement.build(builder, dialect).compile(builder);
  return { prepared: db.prepare(sql), parameters };
}
