import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { removeUnusedArchives } from "../../packages/server/src/archive/index.ts";
import { server, testDatabase } from "../../packages/shared/src/queue/postgres/postgres.harness.ts";
import { checkSqlite } from "../../packages/shared/src/queue/sqlite/check.ts";
import { endLog, readBack, startLog, writeLines, type WrittenLog } from "./logs.harness.ts";
import { s3Service, startS3 } from "./s3.harness.ts";
import { openStore } from "./store.harness.ts";

/** By hand: KERUTA_TEST_LOG_BYTES=2000000000 KERUTA_TEST_LOG_TASKS=50. */
const totalBytes = Number(process.env["KERUTA_TEST_LOG_BYTES"] ?? 20_000_000);
const tasks = Number(process.env["KERUTA_TEST_LOG_TASKS"] ?? 6);
const timeout = 60_000 + totalBytes / 2000;
const pieceBytes = Math.min(2_000_000, totalBytes / tasks);

interface Archiver {
  /** Resolves with the first words that pass, of those not read yet. */
  says(wanted: (words: string) => boolean): Promise<void>;
  /** What was said before now is not to be read. */
  forget(): void;
  end(signal: NodeJS.Signals): Promise<void>;
}

async function startArchiver(url: string, location: string): Promise<Archiver> {
  const program = join(import.meta.dirname, "archiver.fixture.ts");
  const child = spawn(process.execPath, ["--conditions=keruta-source", program, url, location], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const unread: string[] = [];
  const heard = new EventEmitter();
  createInterface({ input: child.stdout }).on("line", (words) => {
    unread.push(words);
    heard.emit("words");
  });
  const says: Archiver["says"] = async (wanted) => {
    for (;;) {
      for (let words = unread.shift(); words !== undefined; words = unread.shift()) if (wanted(words)) return;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error("the archiver has ended");
      await Promise.race([once(heard, "words"), exited]);
    }
  };
  await says((words) => words === "ready");
  return {
    says,
    forget: () => {
      unread.length = 0;
    },
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}

const isIdle = (words: string) => words.includes('"objects":0');

async function writeAll(store: Awaited<ReturnType<typeof openStore>>): Promise<readonly WrittenLog[]> {
  const logs: WrittenLog[] = [];
  for (let n = 0; n < tasks; n += 1) logs.push(await startLog(store));
  for (let written = 0; written < totalBytes; written += pieceBytes * tasks) {
    for (const log of logs) await writeLines(store, log, pieceBytes);
  }
  return logs;
}

async function expectWhole(
  store: Awaited<ReturnType<typeof openStore>>,
  logs: readonly WrittenLog[],
): Promise<void> {
  for (const { taskId, hash, bytes } of logs) {
    expect(await readBack(store.queue, taskId)).toEqual({
      sha256: hash.copy().digest("hex"),
      bytes,
      gaps: 0,
    });
  }
}

async function heldBytes({ logArchive }: Awaited<ReturnType<typeof openStore>>): Promise<number> {
  let sum = 0;
  for (let from: string | null = ""; from !== null;) {
    const page = await logArchive.listHeldLogs(from);
    for (const { rawBytes } of page.logs) sum += rawBytes;
    from = page.next;
  }
  return sum;
}

describe("logs that are written while others archive them", () => {
  test("to a directory, with kill -9 at any moment, read back byte for byte", { timeout }, async () => {
    const directory = await mkdtemp(join(tmpdir(), "keruta-archive-"));
    const url = join(directory, "keruta.db");
    const location = join(directory, "archive");
    const store = await openStore(url);
    try {
      let isWriting = true;
      let kills = 0;
      const killing = (async () => {
        while (isWriting) {
          const archiver = await startArchiver(url, location);
          await archiver.says((words) => words.includes("objects"));
          await pause(Math.random() * 300);
          await archiver.end("SIGKILL");
          kills += 1;
        }
      })();
      const logs = await writeAll(store);
      isWriting = false;
      await killing;
      expect(kills).toBeGreaterThan(0);
      await expectWhole(store, logs);
      for (const log of logs) await endLog(store, log);

      const archiver = await startArchiver(url, location);
      await archiver.says(isIdle);
      await archiver.end("SIGTERM");
      // What a killed process left without a block that points to it.
      const signal = new AbortController().signal;
      const later = () => Date.now() + 2 * 60 * 60_000;
      const warn = (error: Error) => {
        throw error;
      };
      await removeUnusedArchives({ store: store.logArchive, clock: later, signal, warn });
      await expectWhole(store, logs);
      expect(await heldBytes(store)).toBe(0);
      await store.logArchive.reclaim(signal);
      await store.queue.close();
      expect(await checkSqlite({ path: url })).toEqual([]);
      const files = await readdir(location, { recursive: true });
      expect(files.filter((name) => name.endsWith(".partial"))).toEqual([]);
      // A row for each block stays.
      expect((await stat(url)).size).toBeLessThan(300_000 + totalBytes / 400);
    } finally {
      await store.queue.close();
      await rm(directory, { recursive: true });
    }
  });

  describe.skipIf(s3Service === undefined)("to S3", () => {
    const postgres = testDatabase();
    test.each(server ? ["sqlite", "postgres"] : ["sqlite"])(
      "on %s, with the service away for a while: nothing is removed, all is caught up later",
      { timeout },
      async (database) => {
        const directory = await mkdtemp(join(tmpdir(), "keruta-archive-"));
        await using s3 = await startS3();
        const url = database === "postgres" ? await postgres.newSchema() : join(directory, "keruta.db");
        const store = await openStore(url);
        const archiver = await startArchiver(url, s3.location);
        try {
          const early = await startLog(store);
          await writeLines(store, early, 3_000_000);
          await archiver.says((words) => /"objects":[1-9]/.test(words));
          await s3.goAway();
          archiver.forget();
          const logs = [early, ...(await writeAll(store))];
          for (const log of logs) await endLog(store, log);
          await archiver.says((words) => words.includes("KRT_ARCHIVE_UNREACHABLE"));
          expect(await heldBytes(store)).toBeGreaterThan(totalBytes);
          await s3.comeBack();
          archiver.forget();
          await archiver.says(isIdle);
          expect(await heldBytes(store)).toBe(0);
          expect((await s3.keys()).length).toBeGreaterThan(1);
          await expectWhole(store, logs);
        } finally {
          await archiver.end("SIGTERM");
          await store.queue.close();
          await rm(directory, { recursive: true });
        }
      },
    );
  });
});
