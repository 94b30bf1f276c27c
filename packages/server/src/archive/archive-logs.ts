import { countDue, mayBeDue, type RotationRule } from "@keruta/shared/domain";
import type { HeldLog, LogArchiveStore, PackedBlock } from "@keruta/shared/queue";
import { makePack, type PackPart } from "./pack.ts";
import type { ArchivePlace } from "./place.ts";
import { writeVerified } from "./write-verified.ts";

export interface ArchiveLogsDeps {
  readonly store: LogArchiveStore;
  readonly place: ArchivePlace;
  /** Of the queue: its objects lie under it. */
  readonly uid: string;
  /** Of the whole log of each task that it is asked of; absent: what is due by the rule. */
  readonly wanted?: (log: HeldLog) => boolean;
  readonly rule: RotationRule;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly signal: AbortSignal;
  /** After each object. */
  readonly onProgress?: (archived: Archived) => void;
}

export interface Archived {
  readonly objects: number;
  readonly blocks: number;
  /** Of the objects. */
  readonly bytes: number;
}

/** Of one object: what is in memory at a time. */
const objectBytes = 16 << 20;
/** Moved in one transaction: some milliseconds. */
const blocksAtOnce = 50;

/** Moves blocks that are due to the archive, object by object; nothing leaves the database before it was read back. */
export async function archiveLogs(deps: ArchiveLogsDeps): Promise<Archived> {
  const { signal } = deps;
  let archived: Archived = { objects: 0, blocks: 0, bytes: 0 };
  let parts: PackPart[] = [];
  let size = 0;
  const finish = async () => {
    if (parts.length === 0) return;
    const { moved, bytes } = await archive(deps, parts);
    archived = {
      objects: archived.objects + 1,
      blocks: archived.blocks + moved,
      bytes: archived.bytes + bytes,
    };
    [parts, size] = [[], 0];
    deps.onProgress?.(archived);
  };
  for await (const part of dueBlocks(deps)) {
    parts.push(part);
    size += part.data.length;
    if (size >= objectBytes) await finish();
    if (signal.aborted) return archived;
  }
  await finish();
  return archived;
}

async function* dueBlocks({ store, rule, wanted, clock, signal }: ArchiveLogsDeps): AsyncGenerator<PackPart> {
  for (let from: string | null = ""; from !== null && !signal.aborted;) {
    const page = await store.listHeldLogs(from);
    for (const log of page.logs) {
      if (!(wanted ?? ((each: HeldLog) => mayBeDue(each, rule, clock())))(log)) continue;
      const { taskId, attempt } = log;
      const held = await store.listHeldBlocks(taskId, attempt);
      const due = wanted ? held.length : countDue(log, held, rule, clock());
      for (const { firstSequence, lastSequence } of held.slice(0, due)) {
        const data = await store.readBlock(taskId, attempt, firstSequence);
        if (data) yield { taskId, attempt, firstSequence, lastSequence, data };
      }
    }
    from = page.next;
  }
}

async function archive(
  { store, place, uid, clock, random }: ArchiveLogsDeps,
  parts: readonly PackPart[],
): Promise<{ readonly moved: number; readonly bytes: number }> {
  const { bytes, blocks } = makePack(uid, parts);
  const id = Buffer.from(random(12)).toString("hex");
  const key = `${uid}/${new Date(clock()).toISOString().slice(0, 10)}/${id}.zst`;
  // Before the object: one that no row knows of would stay for ever.
  await store.announceArchive({ id, location: place.location, key });
  await writeVerified(place, key, bytes);
  let moved = 0;
  for (const some of inPieces(blocks)) moved += await store.moveBlocks(id, bytes.length, some);
  return { moved, bytes: bytes.length };
}

function* inPieces(blocks: readonly PackedBlock[]): Generator<readonly PackedBlock[]> {
  for (let at = 0; at < blocks.length; at += blocksAtOnce) yield blocks.slice(at, at + blocksAtOnce);
}
