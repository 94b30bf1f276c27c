import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { claimed, createWorld, line, newTask, resultOf, textOf, memoryArchive } from "../queue.harness.ts";
import { openPostgresStore } from "./open.ts";
import { expectSound, otherSession, server, testDatabase } from "./postgres.harness.ts";

const database = testDatabase();
test.skipIf(!server)("an object that blocks are pointed to just then is not taken for unused", async () => {
  const world = createWorld();
  const { processes, clock } = world;
  const url = await database.newSchema();
  const { openArchive, objects } = memoryArchive();
  const options = { url, processes, clock, random: randomBytes, openArchive };
  const { queue, logArchive } = await openPostgresStore(options);
  await using other = await otherSession(url);
  try {
    await queue.addTask(newTask());
    const { lease } = await claimed(queue, world.holder(1));
    const { taskId } = lease;
    await queue.appendLog(lease, [line(1, "kept elsewhere")]);
    await queue.settle(lease, resultOf(), null);
    const data = await logArchive.readBlock(taskId, 1, 1);
    if (!data) throw new Error("nothing is stored");
    await logArchive.announceArchive({ id: "one", location: "memory", key: "one" });
    objects.set("one", data);
    world.now += 1;
    // Blocks are moved once the archive's row is locked, and whoever looks for unused ones waits for them.
    await other.run("begin");
    await other.run("select from log_archives where id = 'one' for no key update");
    await other.run("update log_archives set bytes = $1 where id = 'one'", data.length);
    const unused = logArchive.takeUnused(world.now, "");
    await other.othersWait();
    await other.run(
      "update log_blocks set data = null, archive = 'one', archive_offset = 0, archive_bytes = $1",
      data.length,
    );
    await other.run("commit");
    expect(await unused).toEqual({ archives: [], next: null });
    expect(await textOf(queue, { taskId, attempt: 1 })).toBe("kept elsewhere\n");
    // What is known as unused is not pointed to any more.
    await logArchive.announceArchive({ id: "two", location: "memory", key: "two" });
    world.now += 1;
    const two = { id: "two", location: "memory", key: "two" };
    expect((await logArchive.takeUnused(world.now, "")).archives).toEqual([two]);
  } finally {
    await queue.close();
  }
  await expectSound(url);
});
