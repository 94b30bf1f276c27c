import type { Database } from "better-sqlite3";
import { migrations, schemaVersion, type ColumnTypes } from "../sql/migrations.ts";
import { databaseNewer, notADatabase } from "./failures.ts";

/** "keru": marks the file as keruta's (SQLite's application_id). */
const applicationId = 0x6b657275;

const types: ColumnTypes = {
  serial: "integer primary key autoincrement",
  rising: "integer primary key",
  integer: "integer",
  bytes: "blob",
  text: "text",
  clustered: " without rowid",
};

export type SchemaState = "current" | "behind" | "empty";

/** One read where all is well. Throws for a newer database and for another program's. */
export function schemaState(db: Database, path: string): SchemaState {
  const version = db.pragma("user_version", { simple: true }) as number;
  const id = db.pragma("application_id", { simple: true });
  if (id !== applicationId) {
    const tables = db.prepare("select count(*) from sqlite_schema").pluck().get();
    if (id === 0 && version === 0 && tables === 0) return "empty";
    // Another process may have made the tables between these reads.
    if (db.pragma("application_id", { simple: true }) === applicationId) return schemaState(db, path);
    throw notADatabase(path);
  }
  if (version > schemaVersion) throw databaseNewer(path, version, schemaVersion);
  return version === schemaVersion ? "current" : "behind";
}

/** Brings the tables up to date; to be called inside a transaction that has the write lock. */
export function migrate(db: Database): void {
  const from = db.pragma("user_version", { simple: true }) as number;
  for (const { version, statements } of migrations) {
    if (version > from) for (const text of statements(types)) db.exec(text);
  }
  db.pragma(`user_version = ${String(schemaVersion)}`);
  db.pragma(`application_id = ${String(applicationId)}`);
}
