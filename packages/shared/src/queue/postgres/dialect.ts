import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Builder, Dialect } from "../sql/program.ts";
import type { Schema } from "../sql/schema.ts";

/**
 * `no key`: rows that refer to a locked one may still be added. Rows that claims of others have taken are passed over,
 * so that claims do not wait for each other.
 */
export const dialect: Dialect = {
  lockRow: "for no key update",
  skipLocked: (table) => `for no key update of ${table} skip locked`,
  byClaimIndex: "",
  byNamespaceIndex: "",
  writtenAnew: () => "",
};

/** Compiles; it is never asked to run anything. */
export const builder: Builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
