import { sql } from "kysely";
import type { Archive, UnusedPage } from "../../archive.ts";
import { all, run, statement, type Program } from "../program.ts";

/** Looked at in one transaction. */
const pageSize = 100;

interface CandidateRow extends Archive {
  readonly removing: number;
}

const selectUnused = statement(
  (_, p: { before: number; from: string; limit: number }, { lockRow }) => sql<CandidateRow>`
    select id, location, object_key as key, removing from log_archives
    where id > ${p.from} and (removing = 1 or (announced_at < ${p.before}
      and not exists (select 1 from log_blocks b where b.archive = log_archives.id)))
    order by id limit ${p.limit} ${sql.raw(lockRow)}`,
);
/** With what was committed while the row's lock was waited for. */
const markUnused = statement(
  (_, p: { id: string }) => sql`
    update log_archives set removing = 1
    where id = ${p.id} and not exists (select 1 from log_blocks b where b.archive = log_archives.id)`,
);

export function* takeUnused(before: number, from: string): Program<UnusedPage> {
  const rows = yield* all(selectUnused({ before, from, limit: pageSize }));
  const archives: Archive[] = [];
  for (const { id, location, key, removing } of rows) {
    if (removing === 1 || (yield* run(markUnused({ id }))) > 0) archives.push({ id, location, key });
  }
  const isLast = rows.length < pageSize;
  return { archives, next: isLast ? null : (rows.at(-1)?.id ?? null) };
}

const deleteArchive = statement((db, p: { id: string }) =>
  db.deleteFrom("log_archives").where("id", "=", p.id).where("removing", "=", 1),
);

export function* forgetArchive(id: string): Program<void> {
  yield* run(deleteArchive({ id }));
}
