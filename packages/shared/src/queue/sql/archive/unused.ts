import { sql } from "kysely";
import type { UnusedPage } from "../../archive.ts";
import { all, run, statement, type Program } from "../program.ts";

/** Handed out in one call. */
const pageSize = 100;

const markUnused = statement(
  (_, p: { before: number }) => sql`
    update log_archives set removing = 1 where removing = 0 and announced_at < ${p.before}
      and not exists (select 1 from log_blocks b where b.archive = log_archives.id)`,
);
const selectRemoving = statement((db, p: { from: string }) =>
  db
    .selectFrom("log_archives")
    .select(["id", "location", "object_key as key"])
    .where("removing", "=", 1)
    .where("id", ">", p.from)
    .orderBy("id")
    .limit(pageSize),
);

export function* takeUnused(before: number, from: string): Program<UnusedPage> {
  yield* run(markUnused({ before }));
  const archives = yield* all(selectRemoving({ from }));
  const isLast = archives.length < pageSize;
  return { archives, next: isLast ? null : (archives.at(-1)?.id ?? null) };
}

const deleteArchive = statement((db, p: { id: string }) =>
  db.deleteFrom("log_archives").where("id", "=", p.id).where("removing", "=", 1),
);

export function* forgetArchive(id: string): Program<void> {
  yield* run(deleteArchive({ id }));
}
