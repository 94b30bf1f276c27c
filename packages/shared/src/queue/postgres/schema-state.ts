import pg from "pg";
import { migrations, schemaVersion, type ColumnTypes } from "../sql/migrations.ts";
import type { Address } from "./address.ts";
import { failureOf } from "./failures.ts";
import { databaseNewer, notUnicode, otherTables } from "./refusals.ts";

export const columnTypes: ColumnTypes = {
  serial: "bigint generated always as identity primary key",
  rising: "bigint generated always as identity primary key",
  integer: "bigint",
  bytes: "bytea",
  text: `text collate "C"`,
  clustered: "",
};

export type SchemaState =
  | { readonly kind: "empty"; readonly schema: string }
  | {
      readonly kind: "behind" | "current";
      readonly schema: string;
      readonly version: number;
      readonly uid: string;
    };

/** Which of keruta's names are taken in each schema of the search path, in its order. */
interface SchemaTables {
  readonly schema: string;
  readonly tables: readonly string[];
  readonly encoding: string;
}

/** What the first version made; later ones only add. */
const firstNames = tableNames(1);
const allNames = tableNames(schemaVersion);

function tableNames(version: number): readonly string[] {
  return migrations
    .filter((migration) => migration.version <= version)
    .flatMap(({ statements }) => statements(columnTypes))
    .flatMap((text) => /^create table (\w+)/.exec(text)?.[1] ?? []);
}

/**
 * The schema of the queue: the first of the search path that has all its tables, wherever new ones would be made;
 * without such a one, the first. A view or a foreign table of such a name is in the way as much as a table.
 */
const selectTables = `select path.name::text as schema, current_setting('server_encoding') as encoding, array(
    select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = path.name and c.relname = any($1::text[]) and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by c.relname) as tables
  from unnest(current_schemas(false)) with ordinality path (name, place) order by path.place`;

/** Throws for a newer queue, and where other tables have the names. */
export async function schemaState(client: pg.ClientBase, address: Address): Promise<SchemaState> {
  const { rows } = await client.query<SchemaTables>(selectTables, [[...allNames]]);
  const place = placeOf(rows);
  if (!place) throw noSchema(address);
  const { schema, tables, encoding } = place;
  if (encoding !== "UTF8") throw notUnicode(address, encoding);
  if (!firstNames.every((name) => tables.includes(name))) {
    if (tables.length > 0) throw otherTables(address, schema, tables);
    return { kind: "empty", schema };
  }
  const meta = await client.query<{ key: string; value: string }>(
    `select key, value from ${pg.escapeIdentifier(schema)}.meta where key in ('uid', 'schema')`,
  );
  const values = new Map(meta.rows.map(({ key, value }) => [key, value]));
  const [uid, version] = [values.get("uid"), Number(values.get("schema"))];
  if (uid === undefined || !Number.isInteger(version)) throw otherTables(address, schema, tables);
  if (version > schemaVersion) throw databaseNewer(address, version, schemaVersion);
  return { kind: version === schemaVersion ? "current" : "behind", schema, version, uid };
}

function placeOf(path: readonly SchemaTables[]): SchemaTables | undefined {
  return path.find(({ tables }) => firstNames.every((name) => tables.includes(name))) ?? path[0];
}

function noSchema(address: Address): unknown {
  const error = new Error("the search path names no schema that there is and that the user may use");
  return failureOf(Object.assign(error, { code: "3F000", severity: "ERROR" }), address) ?? error;
}
