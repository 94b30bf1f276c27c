import type { Database } from "better-sqlite3";
import { closeSync, openSync, readSync } from "node:fs";
import { isKerutaError } from "../../domain/error.ts";
import { brokenRules, type CheckProblem } from "../sql/check.ts";
import { failureOf, notADatabase } from "./failures.ts";
import { schemaState } from "./migrate.ts";
import { openFile } from "./open.ts";
import { createRunner } from "./run.ts";

/** What is wrong with the queue in a file; nothing is changed. Throws KRT_DB_… for a file that is no queue. */
export async function checkSqlite({ path }: { readonly path: string }): Promise<readonly CheckProblem[]> {
  refuseMissing(path);
  try {
    const db = openFile({ path });
    try {
      if (schemaState(db, path) === "empty") throw notADatabase(path);
      return problemsOf(db);
    } finally {
      db.close();
    }
  } catch (error) {
    const failure = isKerutaError(error) ? error : failureOf(error, path);
    // So damaged that SQLite cannot even look for the damage.
    if (failure?.code === "KRT_DB_CORRUPT") return [{ rule: "integrity", detail: causeOf(failure) }];
    throw failure ?? error;
  }
}

function causeOf({ cause, message }: Error): string {
  return cause instanceof Error ? cause.message : message;
}

export function problemsOf(db: Database): readonly CheckProblem[] {
  const integrity = db
    .prepare("pragma integrity_check")
    .pluck()
    .all()
    .filter((line) => line !== "ok");
  // Queries over damaged pages would only repeat it, or fail.
  if (integrity.length > 0) return integrity.map((line) => ({ rule: "integrity", detail: String(line) }));
  const references = db.prepare("pragma foreign_key_check").all() as { table: string; parent: string }[];
  return [
    ...references.map(({ table, parent }) => ({
      rule: "reference",
      detail: `a row of ${table} belongs to no row of ${parent}`,
    })),
    ...createRunner(db, () => {}).run(brokenRules()),
  ];
}

/** Opening makes a file where there is none, which is not what a check or a backup is asked for. */
export function refuseMissing(path: string): void {
  try {
    const file = openSync(path, "r");
    try {
      // A directory opens, and tells what it is only when it is read.
      readSync(file, new Uint8Array(1));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw failureOf(error, path) ?? error;
  }
}
