import type { ArchivedLogs } from "@keruta/server/upkeep";
import { apiVersion, counted, describeBytes, exitCodes } from "@keruta/shared/domain";
import type { HeldLog } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { rotationRule } from "../../context/retention.ts";
import { interruptible } from "../../context/signals.ts";
import { writeDocument } from "../../output/document.ts";
import { wantsStatusLine } from "../../progress/wants-status-line.ts";
import { resolveTaskIds } from "../../tasks/resolve.ts";
import { archivePlaceOf } from "./archive-place.ts";
import type { LogsArchiveOptions } from "./archive.ts";

export const archiveFormats = ["text", "json", "yaml"] as const;

/** Moves logs to the archive now, waiting for another process that is at it. */
export async function runLogsArchive(options: LogsArchiveOptions): Promise<void> {
  const { context, format } = options;
  const { clock, random, machine } = context;
  const store = await context.openStore();
  try {
    const settings = await context.settings();
    const location =
      options.location === undefined
        ? settings.get("keruta.logs.archive.location")
        : archivePlaceOf(context, options.location);
    const { openArchivePlace } = await import("@keruta/server/archive");
    const { archiveDueLogs } = await import("@keruta/server/upkeep");
    // Before anything is looked at: no place is an error here, and none for the chore.
    await openArchivePlace(location);
    const wanted = await wantedLogs(options, store.queue);
    const rule = rotationRule(settings);
    const { timers } = machine;
    const { interrupted, value: archived } = await interruptible(context.signals, (signal) =>
      untilItsTurn(context, () =>
        archiveDueLogs({
          store,
          location,
          rule,
          clock,
          random,
          timers,
          signal,
          ...(wanted && { wanted }),
          warn: (error) => void context.notify(error.text),
          onProgress: ({ bytes }) => void showProgress(context, bytes),
        }),
      ),
    );
    if (interrupted) context.exitCode = exitCodes.cancelled;
    await tell(context, format, location, archived);
  } finally {
    await store.queue.close();
  }
}

const waitMilliseconds = 1000;

async function untilItsTurn(
  context: Context,
  attempt: () => Promise<ArchivedLogs | undefined>,
): Promise<ArchivedLogs> {
  for (let isFirst = true; ; isFirst = false) {
    const archived = await attempt();
    if (archived) return archived;
    if (isFirst) {
      await context.notify({
        en: "another process archives logs just now; waiting for it",
        ja: "別のプロセスがログをアーカイブしています。終わるのを待ちます",
      });
    }
    const { promise, resolve: go } = Promise.withResolvers<undefined>();
    context.machine.timers.after(waitMilliseconds, () => {
      go(undefined);
    });
    await promise;
  }
}

async function wantedLogs(
  { context, tasks, olderThan }: LogsArchiveOptions,
  queue: Parameters<typeof resolveTaskIds>[0],
): Promise<((log: HeldLog) => boolean) | undefined> {
  if (tasks.length > 0) {
    const ids = new Set(await resolveTaskIds(queue, tasks));
    return ({ taskId }) => ids.has(taskId);
  }
  if (olderThan === undefined) return undefined;
  const before = context.clock() - olderThan;
  return ({ endedAt }) => endedAt !== null && endedAt <= before;
}

async function showProgress(context: Context, bytes: number): Promise<void> {
  if (!wantsStatusLine(context)) return;
  await context.notify({ en: `${describeBytes(bytes)} archived`, ja: `${describeBytes(bytes)} 保存済み` });
}

async function tell(
  context: Context,
  format: LogsArchiveOptions["format"],
  location: string,
  archived: ArchivedLogs,
): Promise<void> {
  if (format !== "text") {
    const document = { apiVersion, kind: "ArchiveResult", location, archived };
    await writeDocument(context.io.stdout, format, document);
    return;
  }
  const { objects, blocks } = archived;
  const bytes = describeBytes(archived.bytes);
  await context.notify(
    objects === 0
      ? { en: "no log was due", ja: "対象のログはありませんでした" }
      : {
          en: `archived ${counted(blocks, "block")} (${bytes}) as ${counted(objects, "verified object")} in ${location}`,
          ja: `${String(blocks)} ブロック（${bytes}）を ${String(objects)} 個の検証済みオブジェクトとして ${location} に保存しました`,
        },
  );
}
