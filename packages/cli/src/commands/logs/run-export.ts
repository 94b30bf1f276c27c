import { createHash } from "node:crypto";
import {
  apiVersion,
  counted,
  describeBytes,
  exitCodes,
  toLogRecord,
  type Attempt,
  type LogEntry,
  type StreamName,
} from "@keruta/shared/domain";
import type { LabelRequirement, Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { interruptible } from "../../context/signals.ts";
import { archivePlaceOf } from "./archive-place.ts";
import { selectTasks } from "./select-tasks.ts";

export const exportFormats = ["text", "jsonl"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface LogsExportOptions {
  readonly context: Context;
  readonly tasks: readonly string[];
  readonly selector: readonly LabelRequirement[] | undefined;
  readonly to: string;
  readonly format: ExportFormat;
}

interface ExportedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** `<task>/<attempt>/…`, with the digests in an `export.json` that is written last. Prints the paths. */
export async function runLogsExport({
  context,
  tasks,
  selector,
  to,
  format,
}: LogsExportOptions): Promise<void> {
  const { openArchivePlace } = await import("@keruta/server/archive");
  const place = await openArchivePlace(archivePlaceOf(context, to));
  const queue = await context.openQueue();
  let [bytes, attempts] = [0, 0];
  const { interrupted } = await interruptible(context.signals, async (signal) => {
    for (const id of await selectTasks(queue, tasks, selector)) {
      const task = await queue.getTask(id);
      for (const attempt of task?.attempts ?? []) {
        if (signal.aborted) return;
        const files: ExportedFile[] = [];
        for (const [name, chunks] of filesOf(queue, id, attempt, format)) {
          const path = `${id}/${String(attempt.number)}/${name}`;
          const counted = counting(chunks);
          await place.writeAll(path, counted.chunks, signal);
          files.push({ path, ...counted.sum() });
        }
        const complete = attempt.log?.complete ?? false;
        const document = {
          apiVersion,
          kind: "LogExport",
          taskId: id,
          attempt: attempt.number,
          complete,
          files,
        };
        const last = new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
        await place.write(`${id}/${String(attempt.number)}/export.json`, last);
        bytes += files.reduce((sum, file) => sum + file.bytes, 0);
        attempts += 1;
        for (const { path } of files) await context.io.stdout.write(`${place.location}/${path}\n`);
      }
    }
  });
  if (interrupted) context.exitCode = exitCodes.cancelled;
  const size = describeBytes(bytes);
  await context.notify({
    en: `exported the logs of ${counted(attempts, "attempt")} (${size}) to ${place.location}`,
    ja: `${String(attempts)} 回分の試行のログ（${size}）を ${place.location} に書き出しました`,
  });
}

function filesOf(
  queue: Queue,
  taskId: string,
  attempt: Attempt,
  format: ExportFormat,
): readonly (readonly [string, AsyncIterable<Uint8Array>])[] {
  const read = (stream?: StreamName) =>
    queue.readLog({ taskId, attempt: attempt.number, ...(stream && { stream }) });
  if (format === "jsonl") return [["log.jsonl", recordsOf(read(), taskId, attempt)]];
  return (["stdout", "stderr"] as const).map((stream) => [`${stream}.log`, outputOf(read(stream))]);
}

const chunkBytes = 256 * 1024;

async function* outputOf(entries: AsyncIterable<LogEntry>): AsyncGenerator<Uint8Array> {
  const pieces = async function* () {
    for await (const entry of entries) {
      if (entry.kind !== "output") continue;
      yield entry.bytes;
      if (entry.newline) yield Uint8Array.of(0x0a);
    }
  };
  yield* inChunks(pieces());
}

async function* recordsOf(
  entries: AsyncIterable<LogEntry>,
  taskId: string,
  { number: attempt, jobName, podName }: Attempt,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const lines = async function* () {
    for await (const entry of entries)
      yield encoder.encode(`${JSON.stringify(toLogRecord({ taskId, attempt, jobName, podName }, entry))}\n`);
  };
  yield* inChunks(lines());
}

async function* inChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    gathered.push(piece);
    size += piece.length;
    if (size < chunkBytes) continue;
    yield Buffer.concat(gathered, size);
    [gathered, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(gathered, size);
}

function counting(chunks: AsyncIterable<Uint8Array>) {
  const hash = createHash("sha256");
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  return { chunks: counted(), sum: () => ({ bytes, sha256: hash.digest("hex") }) };
}
