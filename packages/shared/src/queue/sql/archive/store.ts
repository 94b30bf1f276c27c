import type { LogArchiveStore } from "../../archive.ts";
import type { Context } from "../context.ts";
import type { Store } from "../queue.ts";
import { listHeldBlocks, listHeldLogs, readBlock } from "./held-logs.ts";
import { announceArchive, moveBlocks } from "./move-blocks.ts";
import { forgetArchive, takeUnused } from "./unused.ts";

/** The archive of logs over any SQL database. */
export function createSqlLogArchive({ read, write, reclaim }: Store, context: Context): LogArchiveStore {
  return {
    listHeldLogs: (from) => read(() => listHeldLogs(from)),
    listHeldBlocks: (taskId, attempt) => read(() => listHeldBlocks(taskId, attempt)),
    readBlock: (taskId, attempt, firstSequence) => read(() => readBlock(taskId, attempt, firstSequence)),
    announceArchive: (archive) => write(() => announceArchive(archive, context), undefined, "vital"),
    moveBlocks: (id, bytes, blocks) => write(() => moveBlocks(id, bytes, blocks), "archive", "vital"),
    takeUnused: (announcedBefore, from) => write(() => takeUnused(announcedBefore, from), undefined, "vital"),
    forgetArchive: (id) => write(() => forgetArchive(id), undefined, "vital"),
    reclaim,
  };
}
