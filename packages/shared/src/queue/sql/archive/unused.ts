import { sql } from "kysely";
import type { Archive } from "../../archive.ts";
import { all, run, statement, type Program } from "../program.ts";

/** Handed out in one call. */
const pageSize = 100;

const markUnused = statement(
  (_, p: { before: number }) => sql`
    update log_archives set removing = 1 where removing = 0 and announced_at < ${p.before}
      and not exists (select 1 from log_blocks b where b.archive = log_archives.id)`,
);
const selectRemoving = statement((db) =>
  db
    .selectFrom("log_archives")
    .select(["id", "location", "object_key as key"])
    .where("removing", "=", 1)
    .orderBy("id")
    .limit(pageSize),
);

export function* takeUnused(before: number): Program<readonly Archive[]> {
  yield* run(markUnused({ before }));
  return yield* all(selectRemoving({}));
}

const deleteArchive = statement((db, p: { id: string }) =>
  db.deleteFrom("log_archives").where("id", "=", p.id).where("removing", "=", 1),
);

export function* forgetArchive(id: string): Program<void> {
  yield* run(deleteArchive({ id }));
}
