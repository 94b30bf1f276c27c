import { sql } from "kysely";
import type { Archive, PackedBlock } from "../../archive.ts";
import type { Context } from "../context.ts";
import { first, run, statement, type Program } from "../program.ts";

const insertArchive = statement((db, p: Archive & { now: number }) =>
  db.insertInto("log_archives").values({
    id: p.id,
    location: p.location,
    object_key: p.key,
    bytes: null,
    announced_at: p.now,
    removing: 0,
  }),
);

export function* announceArchive({ id, location, key }: Archive, { clock }: Context): Program<void> {
  yield* run(insertArchive({ id, location, key, now: clock() }));
}

/** The row that a removal must wait for, or that is gone. */
const lockArchive = statement((db, p: { id: string }, { lockRow }) =>
  db
    .selectFrom("log_archives")
    .select("id")
    .where("id", "=", p.id)
    .where("removing", "=", 0)
    .modifyEnd(sql.raw(lockRow)),
);
const updateArchive = statement((db, p: { id: string; bytes: number }) =>
  db.updateTable("log_archives").set({ bytes: p.bytes }).where("id", "=", p.id),
);
/** A block that was filled up meanwhile ends elsewhere; one that another archive has keeps it. */
const moveBlock = statement(
  (_, p: PackedBlock & { archive: string }, { writtenAnew }) => sql`
    update log_blocks
    set data = null, archive = ${p.archive}, archive_offset = ${p.offset}, archive_bytes = ${p.bytes}
      ${sql.raw(writtenAnew("log_blocks"))}
    where task_id = ${p.taskId} and attempt = ${p.attempt}
      and first_seq = ${p.firstSequence} and last_seq = ${p.lastSequence} and archive is null`,
);

export function* moveBlocks(
  archive: string,
  objectBytes: number,
  blocks: readonly PackedBlock[],
): Program<number> {
  if (!(yield* first(lockArchive({ id: archive })))) return 0;
  yield* run(updateArchive({ id: archive, bytes: objectBytes }));
  let moved = 0;
  for (const { taskId, attempt, firstSequence, lastSequence, offset, bytes } of blocks) {
    moved += yield* run(moveBlock({ taskId, attempt, firstSequence, lastSequence, offset, bytes, archive }));
  }
  return moved;
}
