import { sql } from "kysely";
import type { StoredSetting } from "../queue.ts";
import { all, run, statement, type Program } from "./program.ts";
import { isoTime } from "./time.ts";

const selectSettings = statement((db) => db.selectFrom("settings").selectAll().orderBy("key"));

export function* readSettings(): Program<readonly StoredSetting[]> {
  const rows = yield* all(selectSettings({}));
  return rows.map(({ key, value, updated_at, updated_by }) => ({
    key,
    value,
    updatedAt: isoTime(updated_at),
    updatedBy: updated_by,
  }));
}

const upsertSetting = statement((db, p: { key: string; value: string; now: number; by: string }) =>
  db
    .insertInto("settings")
    .values({ key: p.key, value: p.value, updated_at: p.now, updated_by: p.by })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet({
        value: sql<string>`excluded.value`,
        updated_at: sql<number>`excluded.updated_at`,
        updated_by: sql<string>`excluded.updated_by`,
      }),
    ),
);

const deleteSetting = statement((db, p: { key: string }) =>
  db.deleteFrom("settings").where("key", "=", p.key),
);

/** null removes a setting. */
export function* writeSettings(
  values: Readonly<Record<string, string | null>>,
  by: string,
  now: number,
): Program<void> {
  // In one order, whoever writes: two writers that wait for each other's keys would end in a deadlock.
  const sorted = Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of sorted) {
    yield* run(value === null ? deleteSetting({ key }) : upsertSetting({ key, value, now, by }));
  }
}
