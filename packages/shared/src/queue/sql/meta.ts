import { first, lock, run, statement, type Program } from "./program.ts";

const selectMeta = statement((db, p: { key: string }) =>
  db.selectFrom("meta").select("value").where("key", "=", p.key),
);
const upsertMeta = statement((db, p: { key: string; value: string }) =>
  db
    .insertInto("meta")
    .values({ key: p.key, value: p.value })
    .onConflict((conflict) => conflict.column("key").doNothing()),
);
const deleteMeta = statement((db, p: { key: string }) => db.deleteFrom("meta").where("key", "=", p.key));

export function* readUid(): Program<string> {
  const row = yield* first(selectMeta({ key: "uid" }));
  if (!row) throw new Error("the queue has no uid");
  return row.value;
}

/** Since when the queue is paused, in milliseconds. */
export function* pausedSince(): Program<number | undefined> {
  const row = yield* first(selectMeta({ key: "paused" }));
  return row && Number(row.value);
}

/** Once this has returned with true, nothing is claimed any more: claims that had looked before have ended. */
export function* setPaused(paused: boolean, now: number): Program<void> {
  if (paused) yield* lock({ of: "claims" });
  yield* run(paused ? upsertMeta({ key: "paused", value: String(now) }) : deleteMeta({ key: "paused" }));
}
