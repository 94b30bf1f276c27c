import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimed, createWorld, newTask, type World } from "../queue.harness.ts";
import { backupSqlite } from "./backup.ts";
import { checkSqlite } from "./check.ts";
import { openSqliteQueue } from "./open.ts";
import { restoreSqlite, type RestoreOptions } from "./restore.ts";
import { openAt, scratchDirectory } from "./sqlite.harness.ts";

let directory: string;
let path: string;
let copy: string;
let world: World;
beforeEach(async () => {
  directory = await scratchDirectory();
  [path, copy] = [join(directory, "keruta.db"), join(directory, "copy.db")];
  world = createWorld();
});
afterEach(() => rm(directory, { recursive: true }));

const backup = () => backupSqlite({ path, to: copy, random: randomBytes });
const restore = (change: Partial<RestoreOptions> = {}) =>
  restoreSqlite({
    from: copy,
    path,
    processes: world.processes,
    clock: world.clock,
    random: randomBytes,
    ...change,
  });

test("a backup of a queue in use is whole, private, and comes back as the queue it was", async () => {
  const queue = await openAt(path, world);
  const { task } = await queue.addTask(newTask());
  await backup();
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  await expect(backup()).rejects.toMatchObject({ code: "KRT_FILE_UNWRITABLE" });
  await queue.deleteTask(task.id);
  await queue.close();
  await restore();
  expect(await readdir(directory)).toEqual(["copy.db", "keruta.db", "keruta.db-reserve"]);
  const restored = await openAt(path, world);
  expect(restored.uid).toBe(queue.uid);
  expect(await restored.getTask(task.id)).toMatchObject({ status: "PENDING" });
  expect((await readdir(directory)).toSorted()).toContain("keruta.db-wal");
  await restored.close();
  expect(await checkSqlite({ path })).toEqual([]);
});

test("a restore waits for live attempts, not for dead ones, and never for force", async () => {
  const queue = await openAt(path, world);
  await backup();
  await queue.addTask(newTask());
  const holder = world.holder(4);
  await claimed(queue, holder);
  await queue.close();
  await expect(restore()).rejects.toMatchObject({ code: "KRT_DB_BUSY" });
  await restore({ force: true });
  const restored = await openAt(path, world);
  expect((await restored.queueStatus()).counts.IN_PROGRESS).toBe(0);
  await restored.addTask(newTask());
  await claimed(restored, holder);
  await restored.close();
  world.kill(holder);
  await restore();
});

test("a restore is refused while another process has the queue open", async () => {
  const queue = await openAt(path, world);
  await backup();
  const { task } = await queue.addTask(newTask());
  await expect(restore({ force: true })).rejects.toMatchObject({ code: "KRT_DB_BUSY" });
  expect(await queue.getTask(task.id)).toBeDefined();
  await queue.close();
});

test("what is no backup is refused and the queue stays; a damaged queue is replaced only by force", async () => {
  await (await openAt(path, world)).close();
  await backup();
  const junk = join(directory, "junk");
  await writeFile(junk, "no database, but longer than a header of one hundred bytes ".repeat(5));
  await expect(restore({ from: junk })).rejects.toMatchObject({ code: "KRT_DB_NOT_A_DATABASE" });
  await expect(restore({ from: join(directory, "none") })).rejects.toMatchObject({
    code: "KRT_DB_UNREACHABLE",
  });
  expect(await checkSqlite({ path })).toEqual([]);
  await writeFile(path, randomBytes(5000));
  await expect(restore()).rejects.toMatchObject({ code: "KRT_DB_NOT_A_DATABASE" });
  await restore({ force: true });
  expect(await checkSqlite({ path })).toEqual([]);
  expect(await readdir(directory)).toEqual(["copy.db", "junk", "keruta.db", "keruta.db-reserve"]);
});

test("nobody uses the old file from the last look at it to the end, and no WAL comes beside the new one", async () => {
  const queue = await openAt(path, world);
  await queue.addTask(newTask());
  await backup();
  await queue.close();
  let other: Database.Database | undefined;
  const enter = () => other?.pragma("journal_mode = wal");
  const crashPoint = (name: string) => {
    if (name !== "restore:verified") return;
    other = new Database(path, { timeout: 0 });
    expect(enter).toThrow(expect.objectContaining({ code: "SQLITE_BUSY" }));
  };
  await restore({ crashPoint });
  expect(enter).toThrow(expect.objectContaining({ code: "SQLITE_READONLY_DBMOVED" }));
  other?.close();
  expect((await readdir(directory)).toSorted()).toEqual(["copy.db", "keruta.db", "keruta.db-reserve"]);
});

test("a WAL that is left without its queue is not taken into the restored one", async () => {
  const queue = await openAt(path, world);
  await backup();
  await queue.addTask(newTask());
  const wal = await readFile(`${path}-wal`);
  await queue.close();
  await rm(path);
  await writeFile(`${path}-wal`, wal);
  await restore();
  const restored = await openAt(path, world);
  expect((await restored.queueStatus()).counts.PENDING).toBe(0);
  await restored.close();
  expect(await checkSqlite({ path })).toEqual([]);
});

test("who has opened the file when another one takes its name opens that one", async () => {
  const before = await openAt(path, world);
  const { task } = await before.addTask(newTask());
  await backup();
  await before.close();
  await rm(path);
  const { processes, clock } = world;
  const firstSettings = async () => {
    await restore();
    return {};
  };
  const queue = await openSqliteQueue({ path, processes, clock, random: randomBytes, firstSettings });
  expect(await queue.getTask(task.id)).toBeDefined();
  await queue.close();
  expect(await checkSqlite({ path })).toEqual([]);
});
