import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createWorld, newTask } from "../queue.harness.ts";
import { checkSqlite } from "./check.ts";
import { networkFileSystem } from "./file-system.ts";
import { openSqliteQueue, type SqliteQueueOptions } from "./open.ts";
import { openAt, scratchDirectory } from "./sqlite.harness.ts";

const world = createWorld();
/** Only root mounts; elsewhere the test says that it was skipped. */
const isRoot = process.getuid?.() === 0 && process.platform === "linux";

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await scratchDirectory();
  path = join(directory, "keruta.db");
});
afterEach(() => rm(directory, { recursive: true }));

const open = (change: Partial<SqliteQueueOptions> = {}) =>
  openSqliteQueue({ path, processes: world.processes, clock: world.clock, random: randomBytes, ...change });

test("a new queue is its owner's alone, and the same one afterwards", async () => {
  path = join(directory, "new", "state", "keruta.db");
  const queue = await open();
  const mode = async (name: string) => (await stat(name)).mode & 0o777;
  expect(await mode(join(directory, "new"))).toBe(0o700);
  for (const suffix of ["", "-wal", "-shm"]) expect(await mode(path + suffix)).toBe(0o600);
  const { uid, name } = queue;
  expect(name).toBe(`sqlite:${path}`);
  await queue.close();
  const again = await open({ firstSettings: () => Promise.reject(new Error("not asked for twice")) });
  expect(again.uid).toBe(uid);
  await again.close();
});

test("first settings that cannot be had leave no queue, and the next start makes it", async () => {
  const refused = new Error("a malformed line");
  await expect(open({ firstSettings: () => Promise.reject(refused) })).rejects.toBe(refused);
  const queue = await open({
    firstSettings: () => Promise.resolve({ a: "1" }),
    createdBy: "application.properties",
  });
  expect(await queue.readSettings()).toMatchObject([
    { key: "a", value: "1", updatedBy: "application.properties" },
  ]);
  await queue.close();
});

describe("is refused and left as it was:", () => {
  test.each([
    ["text", Buffer.from("keruta.kubernetes.enabled=true\n".repeat(50))],
    ["junk", randomBytes(9000)],
  ])("%s", async (_, content) => {
    await writeFile(path, content);
    await expect(open()).rejects.toMatchObject({ code: "KRT_DB_NOT_A_DATABASE" });
    expect((await readFile(path)).equals(content)).toBe(true);
    expect(await readdir(directory)).toEqual(["keruta.db"]);
  });

  test("a directory", async () => {
    await mkdir(path);
    await expect(open()).rejects.toMatchObject({ code: "KRT_DB_NOT_A_DATABASE" });
  });

  test("a path through a file", async () => {
    await writeFile(path, "");
    path = join(path, "keruta.db");
    await expect(open()).rejects.toMatchObject({ code: "KRT_DB_UNREACHABLE" });
  });

  test("another program's database", async () => {
    new Database(path).exec("create table t (a)").close();
    const before = await readFile(path);
    await expect(open()).rejects.toMatchObject({ code: "KRT_DB_NOT_A_DATABASE" });
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  test("a database of a newer keruta", async () => {
    await (await open()).close();
    const db = new Database(path);
    db.pragma("user_version = 99");
    db.close();
    const error = {
      code: "KRT_DB_NEWER",
      details: { found: 99 },
      message: expect.stringMatching(/99.* 1\./),
    };
    await expect(open()).rejects.toMatchObject(error);
  });

  test("a file on a network file system, by its number or by its mount", async () => {
    const nfs = { typeOf: () => 0x6969, mounts: () => "" };
    await expect(open({ fileSystem: nfs })).rejects.toMatchObject({ code: "KRT_DB_NETWORK_FILE_SYSTEM" });
    expect(await readdir(directory)).toEqual([]);
    const mounts = [
      "30 1 0:1 / / rw - ext4 /dev/vda rw",
      "31 30 0:2 / /home/me/far\\040away rw - fuse.sshfs host: rw",
      "32 30 0:3 / /home/me/near rw - fuse.ntfs-3g /dev/sdb rw",
    ].join("\n");
    const fuse = { typeOf: () => 0x65735546, mounts: () => mounts };
    expect(networkFileSystem("/home/me/far away/x", fuse)).toBe("sshfs");
    expect(networkFileSystem("/home/me/near", fuse)).toBeUndefined();
    expect(networkFileSystem("/home", { typeOf: () => 0xff534d42 - 2 ** 32, mounts: () => "" })).toBe("CIFS");
  });
});

test("a lock that lasts longer than the wait is an error, and nothing was changed", async () => {
  const queue = await open({ busyMilliseconds: 50 });
  const other = new Database(path);
  other.exec("begin immediate");
  await expect(queue.addTask(newTask())).rejects.toMatchObject({
    code: "KRT_DB_BUSY",
    details: { transient: true, stored: "nothing" },
  });
  expect((await queue.queueStatus()).counts.PENDING).toBe(0);
  other.exec("rollback");
  other.close();
  await queue.addTask(newTask());
  await queue.close();
});

test("a damaged file says so, in use and in a check", async () => {
  const queue = await open();
  for (let n = 0; n < 50; n += 1) await queue.addTask(newTask({ description: "x".repeat(3000) }));
  await queue.close();
  const content = await readFile(path);
  content.fill(0xa5, 4096 * 3);
  await writeFile(path, content);
  const use = async () => {
    const opened = await open();
    try {
      await opened.listTasks({});
    } finally {
      await opened.close();
    }
  };
  await expect(use()).rejects.toMatchObject({ code: "KRT_DB_CORRUPT" });
  const problems = await checkSqlite({ path });
  expect(problems[0]?.rule).toBe("integrity");
});

test("a check finds what breaks keruta's own rules", async () => {
  const queue = await open();
  const { task } = await queue.addTask(newTask());
  await queue.close();
  expect(await checkSqlite({ path })).toEqual([]);
  new Database(path).exec("update tasks set status = 'IN_PROGRESS'").close();
  expect(await checkSqlite({ path })).toEqual([
    { rule: "a task IN_PROGRESS has one open attempt, its latest", detail: task.id },
  ]);
});

describe.skipIf(!isRoot)("on a file system of its own (needs root)", () => {
  const mount = (...options: string[]) =>
    execFileSync("mount", ["-t", "tmpfs", ...options, "tmpfs", directory]);
  afterEach(() => execFileSync("umount", [directory]));

  test("a full disk refuses what does not fit, keeps what was there, and goes on when there is space", async () => {
    mount("-o", "size=1m");
    const queue = await openAt(path, world);
    const added: string[] = [];
    const fill = async () => {
      for (;;)
        added.push(
          (await queue.addTask(newTask({ description: randomBytes(20_000).toString("hex") }))).task.id,
        );
    };
    await expect(fill()).rejects.toMatchObject({ code: "KRT_DB_FULL", hint: { ja: expect.any(String) } });
    expect((await queue.listTasks({})).items.map(({ id }) => id)).toEqual(added.toReversed());
    execFileSync("mount", ["-o", "remount,size=8m", directory]);
    await queue.addTask(newTask());
    await queue.close();
    expect(await checkSqlite({ path })).toEqual([]);
  });

  test("a disk that is full from the start gets no queue", async () => {
    mount("-o", "size=8k");
    await expect(openAt(path, world)).rejects.toMatchObject({ code: "KRT_DB_FULL" });
    execFileSync("mount", ["-o", "remount,size=8m", directory]);
    await (await openAt(path, world)).close();
  });

  test("a read-only file system is named as such", async () => {
    mount("-o", "size=8m");
    await (await openAt(path, world)).close();
    execFileSync("mount", ["-o", "remount,ro", directory]);
    await expect(openAt(path, world).then((queue) => queue.addTask(newTask()))).rejects.toMatchObject({
      code: "KRT_DB_READ_ONLY",
    });
    path = join(directory, "new", "keruta.db");
    await expect(openAt(path, world)).rejects.toMatchObject({ code: "KRT_DB_READ_ONLY" });
  });
});

test.skipIf(process.getuid?.() === 0)(
  "a file that may not be written is named as such (not as root)",
  async () => {
    await (await open()).close();
    await chmod(path, 0o400);
    await expect(open().then((queue) => queue.addTask(newTask()))).rejects.toMatchObject({
      code: "KRT_DB_READ_ONLY",
    });
  },
);

test.runIf(process.platform === "linux")(
  "a file system that makes no directories is told, and not asked for ever",
  async () => {
    await expect(openAt("/proc/keruta/deeper/keruta.db", world)).rejects.toMatchObject({
      code: expect.stringMatching(/^KRT_DB_(UNREACHABLE|READ_ONLY)$/),
    });
  },
);
