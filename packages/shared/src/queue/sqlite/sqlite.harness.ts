import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createWorld,
  memoryArchive,
  type StoreHarness,
  type RealStore,
  type World,
} from "../queue.harness.ts";
import type { Queue } from "../queue.ts";
import { checkSqlite } from "./check.ts";
import { openSqliteQueue, openSqliteStore } from "./open.ts";

export function openAt(path: string, { processes, clock }: World): Promise<Queue> {
  return openSqliteQueue({ path, processes, clock, random: randomBytes });
}

export async function scratchDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), "keruta-queue-"));
}

export async function openSqliteHarness(): Promise<StoreHarness> {
  const directory = await scratchDirectory();
  const world = createWorld();
  const path = join(directory, "keruta.db");
  const { processes, clock } = world;
  const { openArchive, ...archive } = memoryArchive();
  const opened = await openSqliteStore({ path, processes, clock, random: randomBytes, openArchive });
  let { queue } = opened;
  return {
    ...opened,
    ...archive,
    world,
    reopen: async () => {
      await queue.close();
      queue = await openAt(path, world);
      return queue;
    },
    dispose: async () => {
      await queue.close();
      await rm(directory, { recursive: true });
    },
  };
}

const clock = () => Math.floor(performance.timeOrigin + performance.now());

export async function newSqliteStore(): Promise<RealStore> {
  const directory = await scratchDirectory();
  const path = join(directory, "deep", "er", "keruta.db");
  return {
    url: path,
    open: (processes) => openSqliteQueue({ path, processes, clock, random: randomBytes }),
    check: () => checkSqlite({ path }),
    remove: () => rm(directory, { recursive: true }),
  };
}
