import type { ClientBase } from "pg";
import type { CrashPoint } from "../sql/crash-point.ts";
import { newToken, type Context } from "../sql/context.ts";
import { migrations, schemaVersion } from "../sql/migrations.ts";
import { writeSettings } from "../sql/settings.ts";
import type { Address } from "./address.ts";
import { migrationLock } from "./locks.ts";
import { createRunner } from "./run.ts";
import { columnTypes, schemaState, type SchemaState } from "./schema-state.ts";

export interface MigrateOptions {
  readonly address: Address;
  readonly context: Context;
  /** Stored with the tables of a new queue. */
  readonly firstSettings: Readonly<Record<string, string>>;
  readonly createdBy: string;
  readonly crashPoint: (name: CrashPoint) => void;
}

/**
 * Makes the tables, or brings them up to date, in one transaction. Of many processes that begin at once one does it,
 * and the others wait and find it done.
 */
export async function migrate(
  client: ClientBase,
  found: SchemaState,
  options: MigrateOptions,
): Promise<void> {
  const { address, context, firstSettings, createdBy, crashPoint } = options;
  await client.query("begin isolation level read committed");
  try {
    await client.query(migrationLock(found.schema));
    const state = await schemaState(client, address);
    const from = state.kind === "empty" ? 0 : state.version;
    const steps = migrations.filter(({ version }) => version > from);
    await client.query(steps.flatMap(({ statements }) => statements(columnTypes)).join(";\n"));
    if (state.kind === "empty") {
      const uid = newToken(context);
      await client.query("insert into meta (key, value) values ('uid', $1)", [uid]);
      const settings = writeSettings(firstSettings, createdBy, context.clock());
      await createRunner({ uid, crashPoint }).run(settings, client);
    }
    await client.query(
      "insert into meta (key, value) values ('schema', $1) on conflict (key) do update set value = excluded.value",
      [String(schemaVersion)],
    );
    if (state.kind === "empty") crashPoint("create:before-commit");
    await client.query("commit");
    if (state.kind === "empty") crashPoint("create:after-commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}
