import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Text } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asOrdinaryUser } from "./ordinary-user.fixture.ts";
import { sweepRuns } from "./sweep-runs.ts";

const isRoot = process.getuid?.() === 0;
const [ended, open, another] = ["aaaaaaaaaa-1", "bbbbbbbbbb-1", "cccccccccc-1"] as const;
const finished: Readonly<Record<string, string | null>> = { aaaaaaaaaa: "then", bbbbbbbbbb: null };
/** A task that is not known was deleted. */
const queue = {
  getTask: async (id: string) =>
    id in finished ? { attempts: [{ number: 1, finishedAt: finished[id] }] } : undefined,
} as unknown as Pick<Queue, "getTask">;

let runs: string;
beforeEach(async () => {
  runs = await asOrdinaryUser(() => mkdtemp(join(tmpdir(), "keruta-runs-")));
});
afterEach(() => rm(runs, { recursive: true, force: true }));

async function makeRuns(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(runs, name, "workspace/cache"), { recursive: true });
    await writeFile(join(runs, name, "workspace/cache/file"), "words");
  }
}

/** What is told. */
async function sweep(): Promise<string[]> {
  const told: string[] = [];
  await sweepRuns(queue, runs, { notice: ({ en }: Text) => void told.push(en) });
  return told;
}

test("what a settled attempt left is removed, read-only directories too", async () => {
  await asOrdinaryUser(async () => {
    await makeRuns(ended, open, another, "notes");
    await chmod(join(runs, ended, "workspace/cache"), 0o555);
    expect(await sweep()).toEqual([]);
    expect(await readdir(runs)).toEqual([open, "notes"]);
  });
});

test("what cannot be removed is told once, and stops no task", async () => {
  await asOrdinaryUser(async () => {
    await makeRuns(ended, another);
    await chmod(runs, 0o555);
    const stays = (name: string) =>
      expect.stringMatching(new RegExp(`${name} cannot be removed, remove it by hand: EACCES`));
    expect(await sweep()).toEqual([stays(ended), stays(another)]);
    expect(await sweep()).toEqual([]);
    await chmod(runs, 0o755);
    expect(await sweep()).toEqual([]);
    expect(await readdir(runs)).toEqual([]);
  });
});

test.runIf(isRoot)("files of root keep nothing else from its end", async () => {
  await asOrdinaryUser(() => makeRuns(ended, another));
  await chown(join(runs, ended, "workspace/cache"), 0, 0);
  const told = await asOrdinaryUser(sweep);
  expect(told).toHaveLength(1);
  expect(await readdir(runs)).toEqual([ended]);
});
