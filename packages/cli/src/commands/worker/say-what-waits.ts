import { apiVersion, pendingText, withId, type Task } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import type { WorkerCommandOptions } from "./worker.ts";

export interface WhatWaits {
  readonly context: Context;
  readonly queue: Queue;
  readonly format: WorkerCommandOptions["format"];
  /** Attempts that this worker could not drive. */
  readonly failed: number;
}

const shown = 5;

/** The last words of `--until-empty`: empty, or what still waits and why. */
export async function sayWhatWaits({ context, queue, format, failed }: WhatWaits): Promise<void> {
  const { counts } = await queue.queueStatus();
  const { items } = await queue.listTasks({ statuses: ["PENDING"], limit: shown });
  if (format !== "text") {
    const waiting = items.map(({ id, pending }) => ({ id, pending }));
    const data = { waiting: counts.PENDING, running: counts.IN_PROGRESS, notDriven: failed, first: waiting };
    const time = new Date(context.clock()).toISOString();
    const document = {
      apiVersion,
      kind: "WorkerEvent",
      type: "Empty",
      time,
      taskId: null,
      attempt: null,
      data,
    };
    await writeDocument(context.io.stdout, "jsonl", document);
    return;
  }
  if (counts.PENDING === 0 && counts.IN_PROGRESS === 0) {
    await context.notify({ en: `${queue.name} is empty`, ja: `${queue.name} は空です` });
    return;
  }
  for (const task of items) await context.notify(whyOf(task));
  const more = counts.PENDING - items.length;
  if (more > 0) {
    await context.notify({
      en: `${String(more)} more wait; \`keruta why ID\` tells of each`,
      ja: `ほかに ${String(more)} 件が待機中です。\`keruta why ID\` で理由を確認できます`,
    });
  }
  if (counts.IN_PROGRESS > 0) {
    const running = String(counts.IN_PROGRESS);
    await context.notify({
      en: `${running} are in progress and not this worker's to drive`,
      ja: `${running} 件は実行中ですが、このワーカーの担当ではありません`,
    });
  }
}

function whyOf({ id, pending }: Task): { en: string; ja: string } {
  const why = pending && withId(pendingText(pending.blockedBy, pending.details), id);
  return { en: `${id} waits. ${why?.en ?? ""}`, ja: `${id} は待機中です。${why?.ja ?? ""}` };
}
