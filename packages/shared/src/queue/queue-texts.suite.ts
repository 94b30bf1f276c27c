import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ArtifactFile } from "./queue.ts";
import { claimed, failure, newTask, type OpenHarness, type QueueHarness } from "./queue.harness.ts";

const odd = "a\0b\uFDD0c\uFDD1\uFFFFd😀\\0";
/** As long as Linux lets a path be. */
const longPath = `${odd}/${"é".repeat(2038)}`;

const digest = "0f".repeat(32);

/** Of such a file the name may be any text. */
function skipped(path: string): ArtifactFile {
  return { path, bytes: 1, sha256: null, skipped: "unsafe" };
}

/** What a database may refuse or change, and a store must not; a server refuses what no task file may hold. */
export function describeQueueTexts(name: string, open: OpenHarness): void {
  describe(`${name}: texts`, () => {
    let harness: QueueHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.dispose());

    test("keeps every character, and long names", async () => {
      const { queue, world } = harness;
      const labels = { a: odd };
      const written = { title: odd, description: `${odd}\0`, labels, spec: { script: odd } };
      const { task } = await queue.addTask({ ...newTask(written), createdBy: odd, requestId: odd });
      const { lease } = await claimed(queue, world.holder(1));
      await queue.recordProgress(lease, { percent: 0.1, message: odd });
      await queue.recordAttempt(lease, { podName: odd });
      await queue.recordArtifacts(lease, [skipped(longPath)]);
      await queue.settle(lease, { ...failure, message: odd }, null);
      await queue.writeSettings({ odd }, odd);
      const again = await harness.reopen();
      expect(await again.getTask(task.id)).toMatchObject({
        ...written,
        createdBy: odd,
        requestId: odd,
        progress: { percent: 0.1, message: odd },
        attempt: { message: odd, podName: odd },
      });
      expect(await again.listArtifacts(task.id, 1)).toMatchObject([{ path: longPath }]);
      expect(await again.readSettings()).toMatchObject([{ value: odd, updatedBy: odd }]);
      expect((await again.listTasks({ search: "a\0B" })).items).toHaveLength(1);
      expect(await again.listLabels()).toEqual([{ key: "a", value: odd }]);
      const added = await again.addTask({ ...newTask(written), createdBy: odd, requestId: odd });
      expect(added.created).toBe(false);
    });

    test("finds one artifact by its path, among paths that begin alike", async () => {
      const { queue, world } = harness;
      await queue.addTask(newTask());
      const { lease } = await claimed(queue, world.holder(1));
      const paths = ["a/b", `a/b${"é".repeat(300)}`, `a/b${"é".repeat(301)}`, odd];
      const files = paths.map(skipped);
      await queue.recordArtifacts(lease, files);
      for (const file of files) expect(await queue.listArtifacts(lease.taskId, 1, file.path)).toEqual([file]);
      expect(await queue.listArtifacts(lease.taskId, 1, "a/")).toEqual([]);
    });

    test("takes no list of artifacts that no collection has, and keeps the one before", async () => {
      const { queue, world } = harness;
      await queue.addTask(newTask());
      const { lease } = await claimed(queue, world.holder(1));
      const good: ArtifactFile = { path: "a/b", bytes: 3, sha256: digest, skipped: null };
      const odd: ArtifactFile = { path: "../x", bytes: 3, sha256: null, skipped: "unsafe" };
      await queue.recordArtifacts(lease, [good, odd]);
      const refused: readonly (readonly ArtifactFile[])[] = [
        ...["../../etc/passwd", "/etc/passwd", "a/../../b", "a//b", "", "a\\b", ".keruta/x"].map((path) => [
          { ...good, path },
        ]),
        ...[null, "", "FF", digest.toUpperCase(), `${digest}0`].map((sha256) => [{ ...good, sha256 }]),
        ...[-1, 0.5, Number.NaN].map((bytes) => [{ ...good, bytes }]),
        [{ ...odd, sha256: digest }],
        [good, good],
      ];
      for (const files of refused) {
        const outcome = queue.recordArtifacts(lease, files).catch(({ code }: { code: string }) => code);
        // What is no integer is no request either.
        expect([files, await outcome]).toEqual([
          files,
          expect.stringMatching(/^KRT_(ARTIFACT_REFUSED|USAGE)$/) as string,
        ]);
      }
      expect(await queue.listArtifacts(lease.taskId, 1)).toEqual([odd, good]);
    });

    test("orders by bytes, whatever the language of the database", async () => {
      const { queue, world } = harness;
      const names = ["B", "a", "Ä", "{", "_", "10", "9", "aa"];
      const labels = Object.fromEntries(names.map((name) => [name, ""]));
      await queue.addTask(newTask({ labels }));
      const { lease } = await claimed(queue, world.holder(1));
      const files = names.map(skipped);
      await queue.recordArtifacts(lease, files);
      const expected = ["10", "9", "B", "_", "a", "aa", "{", "Ä"];
      expect((await queue.listLabels()).map(({ key }) => key)).toEqual(expected);
      expect((await queue.listArtifacts(lease.taskId, 1)).map(({ path }) => path)).toEqual(expected);
    });

    test("refuses a request id that no index could hold", async () => {
      const task = { ...newTask(), requestId: "é".repeat(513) };
      await expect(harness.queue.addTask(task)).rejects.toMatchObject({ code: "KRT_USAGE" });
    });

    test("what was said of artifacts is there for who takes over", async () => {
      const { queue, world } = harness;
      await queue.addTask(newTask());
      const { lease } = await claimed(queue, world.holder(1));
      await queue.recordArtifacts(lease, []);
      const summary = { status: "Partial", files: 0, bytes: 0, message: odd } as const;
      await queue.recordArtifacts(lease, [], summary);
      world.now += 60_000;
      expect((await claimed(queue, world.holder(2))).attempt.artifacts).toEqual(summary);
      await queue.recordArtifacts(lease, []).catch(() => undefined);
      expect((await queue.getTask(lease.taskId))?.attempt?.artifacts).toEqual(summary);
    });
  });
}
