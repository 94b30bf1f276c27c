import { KerutaError, skipWords, type Attempt, type Task } from "@keruta/shared/domain";
import type { ArtifactFile, Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { interruptible } from "../../context/signals.ts";
import { wantsStatusLine } from "../../progress/wants-status-line.ts";
import { progressText } from "../../progress/progress-text.ts";
import { createStatusLine } from "../../output/status-line.ts";
import { checkTargets, copyArtifact } from "./copy.ts";
import { artifactSource } from "./source.ts";

export interface FetchOptions {
  readonly queue: Queue;
  readonly task: Task;
  readonly attempt: Attempt;
  /** Files, or directories with all that is in them; none: everything. */
  readonly paths: readonly string[];
  readonly directory: string;
  readonly force: boolean;
}

/**
 * Copies artifacts into a directory, verified; everything is checked before the first byte is copied. null where it was
 * interrupted: what was copied by then is whole.
 */
export async function fetchArtifacts(
  context: Context,
  options: FetchOptions,
): Promise<readonly ArtifactFile[] | null> {
  const { queue, task, attempt, paths, directory, force } = options;
  const wanted = select(await queue.listArtifacts(task.id, attempt.number), paths, task.id);
  const source = await artifactSource(context, task, attempt);
  const missing = await checkTargets(wanted, directory, force);
  const { interrupted } = await interruptible(context.signals, (signal) =>
    showingProgress(context, missing, async (onBytes) => {
      for (const file of missing) {
        if (signal.aborted) return;
        await copyArtifact(context, { file, source, to: directory, force, onBytes, signal });
      }
    }),
  );
  return interrupted ? null : wanted;
}

async function showingProgress(
  context: Context,
  files: readonly ArtifactFile[],
  copy: (onBytes: (bytes: number) => void) => Promise<void>,
): Promise<void> {
  if (!wantsStatusLine(context)) {
    await copy(() => undefined);
    return;
  }
  const line = createStatusLine({ sink: context.io.stderr, timers: context.machine.timers });
  const expectedBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const since = context.clock();
  let bytes = 0;
  line.show(() => progressText(context, { bytes, expectedBytes, since }));
  try {
    await copy((more) => {
      bytes += more;
    });
  } finally {
    await line.end();
  }
}

function select(
  files: readonly ArtifactFile[],
  paths: readonly string[],
  taskId: string,
): readonly ArtifactFile[] {
  const whole = files.filter(({ sha256 }) => sha256 !== null);
  if (paths.length === 0) return whole;
  const chosen = new Set<ArtifactFile>();
  for (const path of paths) {
    const name = path.replace(/^\.\//, "").replace(/\/+$/, "");
    const found = whole.filter((file) => file.path === name || file.path.startsWith(`${name}/`));
    if (found.length === 0) throw notFound(path, taskId, files);
    for (const file of found) chosen.add(file);
  }
  return [...chosen];
}

function notFound(path: string, taskId: string, files: readonly ArtifactFile[]): KerutaError {
  const skipped = files.find((file) => file.path === path)?.skipped;
  const details = { taskId, path };
  return new KerutaError(
    "KRT_ARTIFACT_NOT_FOUND",
    skipped
      ? {
          en: `Artifact ${path} was not collected: ${skipWords[skipped].en}.`,
          ja: `成果物 ${path} は収集されていません（${skipWords[skipped].ja}）。`,
        }
      : {
          en: `Task ${taskId} has no artifact ${path}.`,
          ja: `タスク ${taskId} に成果物 ${path} はありません。`,
        },
    {
      hint: {
        en: `\`keruta artifacts list ${taskId}\` shows what there is.`,
        ja: `\`keruta artifacts list ${taskId}\` で一覧を確認してください。`,
      },
      details,
    },
  );
}
