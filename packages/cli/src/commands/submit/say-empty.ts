import type { RunnerName } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";

/** An empty queue is no failure; the words name the queue, since the wrong one is the usual surprise. */
export async function sayEmpty(context: Context, queue: Queue, usual: RunnerName): Promise<void> {
  const { counts } = await queue.queueStatus();
  if (counts.PENDING === 0) {
    await context.notify({
      en: `nothing to run in ${queue.name}`,
      ja: `実行するタスクがありません（${queue.name}）`,
    });
    return;
  }
  const waiting = String(counts.PENDING);
  await context.notify({
    en: `nothing to run now in ${queue.name}; \`keruta why ID\` tells of each of the ${waiting} waiting`,
    ja: `今すぐ実行できるタスクがありません（${queue.name}）。待機中の ${waiting} 件は \`keruta why ID\` で理由を確認できます`,
  });
  if (usual === "kubernetes") {
    await context.notify({
      en: "tasks for the kubernetes runner are left alone here; --runner local runs them as processes of this machine",
      ja: "kubernetes ランナー用のタスクは対象外です。--runner local を付けるとこのマシンのプロセスとして実行します",
    });
  }
}
