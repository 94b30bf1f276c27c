import { expect, test } from "vitest";
import { claimed, newTask } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness } from "./api.harness.ts";

test(
  "a list of as many artifacts as node_modules has is taken from a driver",
  { timeout: 60_000 },
  async () => {
    const api = await openApiHarness(await openSqliteHarness());
    try {
      await api.queue.addTask(newTask());
      const { lease } = await claimed(api.queue, api.world.holder(1));
      const files = Array.from({ length: 60_000 }, (_, n) => ({
        path: `node_modules/a-package-of-some-name/dist/esm/file-${String(n)}.js`,
        bytes: n,
        sha256: "f".repeat(64),
        skipped: null,
      }));
      const summary = { status: "Collected", files: files.length, bytes: 1, message: "" } as const;
      await api.queue.recordArtifacts(lease, files, summary);
      expect((await api.queue.listArtifacts(lease.taskId, 1)).length).toBe(files.length);
    } finally {
      await api.dispose();
    }
  },
);
