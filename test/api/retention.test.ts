import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeAllExpired } from "../../packages/server/src/retention/index.ts";
import { newTask } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";

test("files of artifacts go with their time and with their task; those of another queue's tasks stay, what came half-way goes", async () => {
  const harness = await openSqliteHarness();
  const { queue, retention, world } = harness;
  const artifactRoot = await mkdtemp(join(tmpdir(), "keruta-retention-"));
  try {
    const add = async (spec: object) => (await queue.addTask(newTask({ spec }))).task.id;
    const [expired, kept, waiting] = [
      await add({}),
      await add({ retention: { artifacts: "1h" } }),
      await add({}),
    ];
    for (const id of [expired, kept]) await queue.cancelTask(id, "me");
    const gone = ["agonetaska", "youngtaska", "otherqueue", "ownerlessa"];
    const names = [expired, kept, waiting, ...gone, "not a task"];
    for (const name of names) {
      await mkdir(join(artifactRoot, name, "1"), { recursive: true });
      await writeFile(join(artifactRoot, name, "1/file"), name);
    }
    world.now += 60_000;
    const old = new Date(world.now - 2 * 60 * 60_000);
    const half = join(artifactRoot, kept, ".2.0123456789abcdef.part");
    await mkdir(half);
    const owners = { agonetaska: queue.uid, youngtaska: queue.uid, otherqueue: "another-queue" };
    for (const [name, owner] of Object.entries(owners))
      await writeFile(join(artifactRoot, name, ".queue"), `${owner}\n`);
    for (const name of gone) await utimes(join(artifactRoot, name), old, old);
    await utimes(join(artifactRoot, "youngtaska"), new Date(world.now), new Date(world.now));
    const usual = { logs: 30_000, archivedLogs: 0, artifacts: 30_000, tasks: 0, isArchiving: false };
    const { signal } = new AbortController();
    const deps = { queue, retention, usual, artifactRoot, clock: world.clock, signal };
    expect((await removeAllExpired(deps)).artifactFiles).toBe(2);
    expect((await readdir(artifactRoot)).toSorted()).toEqual(
      [kept, waiting, "youngtaska", "otherqueue", "ownerlessa", "not a task"].toSorted(),
    );
    expect(await readdir(join(artifactRoot, kept))).toEqual(["1"]);
    expect(
      (await removeAllExpired({ ...deps, artifactRoot: join(artifactRoot, "none") })).artifactFiles,
    ).toBe(0);
  } finally {
    await harness.dispose();
    await rm(artifactRoot, { recursive: true });
  }
});
