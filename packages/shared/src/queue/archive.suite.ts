import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PackedBlock } from "./archive.ts";
import {
  claimed,
  line,
  newTask,
  resultOf,
  textOf,
  type OpenStoreHarness,
  type StoreHarness,
} from "./queue.harness.ts";

const usual = { logs: 30_000, archivedLogs: 60_000, artifacts: 30_000, tasks: 90_000, isArchiving: true };

/** Blocks move to objects that stand for them, and back into what a reader gets. */
export function describeLogArchive(name: string, open: OpenStoreHarness): void {
  describe(`${name}: archive of logs`, () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.dispose());

    /** A task with a log of about `lines` × 7 kB, in blocks of 256 KiB. */
    const logged = async (lines: number, ends = true) => {
      const { queue, world } = harness;
      await queue.addTask(newTask());
      const { lease } = await claimed(queue, world.holder(1));
      for (let from = 0; from < lines; from += 100) {
        const count = Math.min(100, lines - from);
        const entries = Array.from({ length: count }, (_, n) => entryOf(from + n + 1));
        await queue.appendLog(lease, entries);
      }
      if (ends) await queue.settle(lease, resultOf(), null);
      return { id: lease.taskId, lease };
    };
    const entryOf = (sequence: number) => {
      const level = sequence % 90 === 0 ? "ERROR" : "INFO";
      return line(sequence, `${String(sequence)} ${level} ${"x".repeat(7000)}`, { level });
    };
    /** Moves the first `count` blocks of a log to one object. */
    const archive = async (taskId: string, archiveId: string, count = Infinity) => {
      const { logArchive } = harness;
      const blocks = (await logArchive.listHeldBlocks(taskId, 1)).slice(0, count);
      const packed: PackedBlock[] = [];
      const pieces: Uint8Array[] = [Buffer.from("head")];
      let offset = 4;
      for (const { firstSequence, lastSequence } of blocks) {
        const data = await logArchive.readBlock(taskId, 1, firstSequence);
        if (!data) throw new Error("a block is missing");
        pieces.push(data);
        packed.push({ taskId, attempt: 1, firstSequence, lastSequence, offset, bytes: data.length });
        offset += data.length;
      }
      await logArchive.announceArchive({ id: archiveId, location: "memory", key: archiveId });
      const bytes = Buffer.concat(pieces);
      harness.objects.set(archiveId, bytes);
      return { packed, move: () => logArchive.moveBlocks(archiveId, bytes.length, packed) };
    };

    test("an archived log reads as before, by any filter", async () => {
      const { queue } = harness;
      const { id } = await logged(500);
      const read = async () => ({
        all: await textOf(queue, { taskId: id, attempt: 1 }),
        tail: await textOf(queue, { taskId: id, attempt: 1, tail: 3 }),
        errors: await textOf(queue, { taskId: id, attempt: 1, level: "ERROR" }),
        words: await textOf(queue, { taskId: id, attempt: 1, grep: /^(77|301) / }),
        later: await textOf(queue, { taskId: id, attempt: 1, afterSequence: 450 }),
      });
      const before = await read();
      const { packed, move } = await archive(id, "one", 5);
      expect(await move()).toBe(5);
      expect(await read()).toEqual(before);
      const rest = await archive(id, "two");
      expect(await rest.move()).toBe(rest.packed.length);
      expect(await read()).toEqual(before);
      expect(await harness.logArchive.listHeldLogs("")).toEqual({ logs: [], next: null });
      // Once: a second time finds nothing to move.
      expect(await move()).toBe(0);
      expect(packed).toHaveLength(5);
    });

    test("a tail of an archived log asks for its end alone", async () => {
      const { id } = await logged(500);
      await (await archive(id, "one")).move();
      harness.reads.length = 0;
      await textOf(harness.queue, { taskId: id, attempt: 1, tail: 1 });
      expect(harness.reads.length).toBeLessThanOrEqual(2);
      harness.reads.length = 0;
      await textOf(harness.queue, { taskId: id, attempt: 1 });
      expect(harness.reads.length).toBeLessThan(6);
    });

    test("an open log keeps its last block, and grows on", async () => {
      const { queue, world, logArchive } = harness;
      const { id, lease } = await logged(200, false);
      const { packed, move } = await archive(id, "one");
      expect(await move()).toBe(packed.length);
      expect(packed.at(-1)?.lastSequence).toBeLessThan(200);
      await queue.appendLog(lease, [entryOf(201)]);
      expect((await textOf(queue, { taskId: id, attempt: 1 })).split("\n")).toHaveLength(202);
      const [held] = (await logArchive.listHeldLogs("")).logs;
      expect(held).toMatchObject({ taskId: id, attempt: 1, isOpen: true, endedAt: null });
      await queue.settle(lease, resultOf(), null);
      expect((await logArchive.listHeldLogs("")).logs[0]).toMatchObject({
        isOpen: false,
        endedAt: world.now,
      });
    });

    test("a block that has changed since it was packed stays where it is", async () => {
      const { queue } = harness;
      const { id, lease } = await logged(5, false);
      const { logArchive } = harness;
      const data = await logArchive.readBlock(id, 1, 1);
      await logArchive.announceArchive({ id: "one", location: "memory", key: "one" });
      await queue.appendLog(lease, [entryOf(6)]);
      const stale = { taskId: id, attempt: 1, firstSequence: 1, lastSequence: 5, offset: 0, bytes: 5 };
      expect(data).toBeDefined();
      expect(await logArchive.moveBlocks("one", 5, [stale])).toBe(0);
      expect((await textOf(queue, { taskId: id, attempt: 1 })).split("\n")).toHaveLength(7);
    });

    test("an object is unused when nothing points to it, and then nothing ever does", async () => {
      const { world, logArchive, retention } = harness;
      const unused = async () => (await logArchive.takeUnused(world.now, "")).archives;
      const { id } = await logged(100);
      const { move } = await archive(id, "used");
      const late = await archive(id, "late");
      await move();
      expect(await late.move()).toBe(0);
      expect(await unused()).toEqual([]);
      world.now += 1;
      const lateArchive = { id: "late", location: "memory", key: "late" };
      expect(await unused()).toEqual([lateArchive]);
      expect(await late.move()).toBe(0);
      // Until it is forgotten it is told again: who was to remove it may have died.
      expect(await unused()).toEqual([lateArchive]);
      await logArchive.forgetArchive("late");
      expect(await unused()).toEqual([]);
      world.now += usual.archivedLogs;
      await retention.removeExpired(usual, 0);
      expect(await unused()).toEqual([{ id: "used", location: "memory", key: "used" }]);
    });

    test("many unused objects come page by page, though none of them is removed", async () => {
      const { world, logArchive } = harness;
      const ids = Array.from({ length: 250 }, (_, n) => `o${String(n).padStart(3, "0")}`);
      for (const id of ids) await logArchive.announceArchive({ id, location: "memory", key: id });
      world.now += 1;
      const found: string[] = [];
      for (let from: string | null = ""; from !== null;) {
        const page = await logArchive.takeUnused(world.now, from);
        found.push(...page.archives.map(({ id }) => id));
        from = page.next;
      }
      expect(found).toEqual(ids);
    });

    test("what is not archived yet is not removed, and what is goes in its time", async () => {
      const { queue, world, retention } = harness;
      const { id } = await logged(100);
      world.now += usual.logs;
      expect((await retention.removeExpired(usual, 0)).removed.logs).toBe(0);
      await (await archive(id, "one")).move();
      expect((await retention.removeExpired(usual, 0)).removed.logs).toBe(0);
      expect(await textOf(queue, { taskId: id, attempt: 1, tail: 1 })).toContain("100 ");
      world.now += usual.archivedLogs;
      expect((await retention.removeExpired(usual, 0)).removed).toMatchObject({ logs: 1 });
      expect(await textOf(queue, { taskId: id, attempt: 1 })).toBe("");
    });

    test("many logs come page by page, each whole", { timeout: 60_000 }, async () => {
      const { logArchive } = harness;
      const ids = new Set<string>();
      for (let n = 0; n < 60; n += 1) ids.add((await logged(400)).id);
      const found = [];
      let pages = 0;
      for (let from: string | null = ""; from !== null; pages += 1) {
        const page = await logArchive.listHeldLogs(from);
        found.push(...page.logs);
        from = page.next;
      }
      expect(pages).toBeGreaterThan(1);
      expect(new Set(found.map(({ taskId }) => taskId))).toEqual(ids);
      expect(found).toHaveLength(60);
      expect(new Set(found.map(({ rawBytes }) => rawBytes)).size).toBe(1);
    });

    test("one process at a time has a chore", async () => {
      const { choreLeases, world } = harness;
      expect(await choreLeases.acquireChore("archive", "a", 1000)).toBe(true);
      expect(await choreLeases.acquireChore("archive", "b", 1000)).toBe(false);
      expect(await choreLeases.acquireChore("other", "b", 1000)).toBe(true);
      world.now += 900;
      expect(await choreLeases.acquireChore("archive", "a", 1000)).toBe(true);
      world.now += 900;
      expect(await choreLeases.acquireChore("archive", "b", 1000)).toBe(false);
      await choreLeases.releaseChore("archive", "b");
      expect(await choreLeases.acquireChore("archive", "b", 1000)).toBe(false);
      await choreLeases.releaseChore("archive", "a");
      expect(await choreLeases.acquireChore("archive", "b", 1000)).toBe(true);
      world.now += 1000;
      expect(await choreLeases.acquireChore("archive", "a", 1000)).toBe(true);
      // Nobody waits for a process that is known to have died.
      world.kill(world.processes.self);
      expect(await choreLeases.acquireChore("archive", "b", 1000)).toBe(true);
    });
  });
}
