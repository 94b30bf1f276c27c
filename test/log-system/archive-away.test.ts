import { expect, test } from "vitest";
import { openApiHarness } from "../api/api.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { KerutaError } from "../../packages/shared/src/domain/index.ts";
import { claimed, line, newTask, resultOf, textOf } from "../../packages/shared/src/queue/queue.harness.ts";

test("over the API an archived log reads as any other, and an archive that is away is an error and no empty log", async () => {
  const store = await openSqliteHarness();
  const api = await openApiHarness(store);
  try {
    const { queue, world, logArchive, objects } = store;
    await queue.addTask(newTask());
    const { lease } = await claimed(queue, world.holder(1));
    await queue.appendLog(lease, [line(1, "kept elsewhere")]);
    await queue.settle(lease, resultOf(), null);
    const { taskId } = lease;
    const data = await logArchive.readBlock(taskId, 1, 1);
    if (!data) throw new Error("nothing is stored");
    await logArchive.announceArchive({ id: "one", location: "memory", key: "one" });
    objects.set("one", data);
    const block = { taskId, attempt: 1, firstSequence: 1, lastSequence: 1, offset: 0, bytes: data.length };
    expect(await logArchive.moveBlocks("one", data.length, [block])).toBe(1);
    expect(await textOf(api.queue, { taskId, attempt: 1 })).toBe("kept elsewhere\n");

    const away = { en: "The archive is away.", ja: "アーカイブに接続できません。" };
    objects.get = () => {
      throw new KerutaError("KRT_ARCHIVE_UNREACHABLE", away, { details: { transient: false } });
    };
    const token = await api.token("viewer");
    const asked = { token, headers: { accept: "text/plain" } };
    const answer = await api.request(`/api/tasks/${taskId}/log`, asked);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      error: { code: "KRT_ARCHIVE_UNREACHABLE", message: away.en },
    });
    await expect(textOf(api.queue, { taskId, attempt: 1 })).rejects.toMatchObject({
      code: "KRT_ARCHIVE_UNREACHABLE",
    });
  } finally {
    await api.dispose();
  }
});
