import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startDriver } from "../fixtures/start.ts";
import { createProcessTable } from "../process-table.ts";
import { describeQueueCrashes } from "../queue-crash.suite.ts";
import { backupSqlite } from "./backup.ts";
import { checkSqlite } from "./check.ts";
import { openSqliteQueue } from "./open.ts";
import { restoreSqlite } from "./restore.ts";
import { newSqliteStore, scratchDirectory } from "./sqlite.harness.ts";

const processes = createProcessTable({ platform: process.platform, pid: process.pid });
const clock = () => Date.now();

describeQueueCrashes("SQLite", newSqliteStore, { processes, node: process.execPath });

test.each(["restore:verified", "restore:renamed"])(
  "a restore that dies at %s leaves the old or the new queue whole",
  async (point) => {
    const directory = await scratchDirectory();
    const path = join(directory, "keruta.db");
    await startDriver(process.execPath, path, "add");
    const copy = join(directory, "copy.db");
    await backupSqlite({ path, to: copy, random: randomBytes });
    await startDriver(process.execPath, path, "add");
    const crash = new Error("dies here");
    const restored = restoreSqlite({
      from: copy,
      path,
      processes,
      clock,
      random: randomBytes,
      crashPoint: (name) => {
        if (name === point) throw crash;
      },
    });
    await expect(restored).rejects.toBe(crash);
    expect(await checkSqlite({ path })).toEqual([]);
    const queue = await openSqliteQueue({ path, processes, clock, random: randomBytes });
    expect((await queue.queueStatus()).counts.PENDING).toBe(point === "restore:verified" ? 2 : 1);
    await queue.close();
    await rm(directory, { recursive: true });
  },
);
