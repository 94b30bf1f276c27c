import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { archiveDueLogs } from "../../packages/server/src/upkeep/archive-due-logs.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { claimed, line, newTask, resultOf } from "../../packages/shared/src/queue/queue.harness.ts";
import { rotation } from "./logs.harness.ts";

test("old places that are gone are told of once each, and hold up neither archiving nor removals elsewhere", async () => {
  const store = await openSqliteHarness();
  const directory = await mkdtemp(join(tmpdir(), "keruta-archive-"));
  try {
    const { queue, world, logArchive } = store;
    // Where a directory was there is a file.
    const gone = ["gone-1", "gone-2"].map((name) => join(directory, name));
    for (const place of gone) await writeFile(place, "");
    const old = join(directory, "old");
    for (let n = 0; n < 300; n += 1) {
      const location = gone[n % 2] ?? "";
      await logArchive.announceArchive({ id: `a${String(n).padStart(3, "0")}`, location, key: "k/1.zst" });
    }
    await logArchive.announceArchive({ id: "b", location: old, key: "k/2.zst" });
    world.now += 2 * 60 * 60_000;
    await queue.addTask(newTask());
    const { lease } = await claimed(queue, world.holder(1));
    await queue.appendLog(lease, [line(1, "to be kept")]);
    await queue.settle(lease, resultOf(), null);
    world.now += 60_000;

    const location = join(directory, "new");
    const warned: unknown[] = [];
    const archived = await archiveDueLogs({
      store,
      location,
      rule: rotation,
      clock: world.clock,
      random: randomBytes,
      timers: { every: () => () => undefined },
      signal: new AbortController().signal,
      warn: ({ code, details }) => warned.push([code, details?.["location"]]),
    });
    expect(archived).toMatchObject({ objects: 1, blocks: 1, removedObjects: 1 });
    expect(await readdir(location)).toEqual([queue.uid]);
    expect(warned).toEqual(gone.map((place) => ["KRT_ARCHIVE_UNREACHABLE", place]));
    const left = await logArchive.takeUnused(world.now, "");
    expect(new Set(left.archives.map((each) => each.location))).toEqual(new Set(gone));
  } finally {
    await store.dispose();
    await rm(directory, { recursive: true });
  }
});
