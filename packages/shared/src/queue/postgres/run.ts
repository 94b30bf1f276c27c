import type { ClientBase, QueryConfig } from "pg";
import type { CrashPoint } from "../sql/crash-point.ts";
import { valuesOf, type Outcome, type Program, type Query, type Statement } from "../sql/program.ts";
import { builder, dialect } from "./dialect.ts";
import { lockQuery } from "./locks.ts";
import { toStoredText } from "./text.ts";

export interface Runner {
  /** Runs a program in the transaction that is open on a connection. */
  run<T>(program: Program<T>, client: ClientBase): Promise<Ran<T>>;
  reach(crashPoint: CrashPoint): void;
}

interface Ran<T> {
  readonly result: T;
  /** Queries that belong to the transaction's end. */
  readonly atEnd: readonly QueryConfig[];
  readonly hasWritten: boolean;
}

export interface RunnerOptions {
  readonly uid: string;
  readonly crashPoint: (name: CrashPoint) => void;
}

export function createRunner({ uid, crashPoint }: RunnerOptions): Runner {
  return {
    async run(program, client) {
      const atEnd: QueryConfig[] = [];
      let changed = 0;
      let step = program.next(nothing);
      while (step.done !== true) {
        const { value } = step;
        if ("crashPoint" in value) {
          crashPoint(value.crashPoint);
          step = program.next(nothing);
        } else if ("lock" in value) {
          await client.query(lockQuery(uid, value.lock));
          step = program.next(othersMayHaveWritten);
        } else if (value.statement.atEnd === true) {
          atEnd.push(queryOf(value));
          step = program.next(nothing);
        } else {
          const { rows, rowCount, command } = await client.query<object>(queryOf(value));
          const changes = rowCount ?? 0;
          if (command !== "SELECT") changed += changes;
          step = program.next({ rows, changes });
        }
      }
      return { result: step.value, atEnd, hasWritten: changed > 0 || atEnd.length > 0 };
    },
    reach: crashPoint,
  };
}

const nothing: Outcome = { rows: [], changes: 0 };
const othersMayHaveWritten: Outcome = { rows: [], changes: 1 };

/** For all runners: a connection that several of them use knows each statement by one name. */
const compiled = new Map<Statement, Compiled>();

interface Compiled {
  readonly name: string | undefined;
  readonly text: string;
  readonly parameters: readonly unknown[];
}

function compiledOf(statement: Statement): Compiled {
  const known = compiled.get(statement);
  if (known) return known;
  const { sql: text, parameters } = statement.build(builder, dialect).compile(builder);
  if (!statement.kept) return { name: undefined, text, parameters };
  const made = { name: `keruta_${String(compiled.size)}`, text, parameters };
  compiled.set(statement, made);
  return made;
}

/** A statement with a name is prepared once per connection. */
function queryOf({ statement, params }: Query<unknown>): QueryConfig {
  const { name, text, parameters } = compiledOf(statement);
  const values = valuesOf(parameters, params).map((value) =>
    typeof value === "string" ? toStoredText(value) : value,
  );
  return { text, values, ...(name !== undefined && { name }) };
}
