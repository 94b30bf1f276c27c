import type { Level, LogRecord, StreamName } from "@keruta/shared/domain";
import type { Api, Query } from "../api/api.ts";
import { isWhole, lastOfAll } from "./log-window.ts";

/** What of an attempt's log is shown; the server filters, over the whole of it. */
export interface LogFilter {
  readonly level: Level | undefined;
  readonly stream: StreamName | undefined;
  readonly keyword: string;
}

export interface LogSource {
  readonly path: string;
  readonly filter: Query;
  /** The last lines before a sequence, or of all. */
  before(sequence: number | undefined, lines: number, signal: AbortSignal): Promise<readonly LogRecord[]>;
  /** The first records after a sequence. */
  after(sequence: number, limit: number, signal: AbortSignal): Promise<readonly LogRecord[]>;
}

export function createLogSource(
  api: Pick<Api, "send">,
  { taskId, attempt }: { readonly taskId: string; readonly attempt: number },
  { level, stream, keyword }: LogFilter,
): LogSource {
  const path = `/tasks/${encodeURIComponent(taskId)}/log`;
  const filter = { attempt, level, stream, keyword: keyword === "" ? undefined : keyword };
  const isFiltered = level !== undefined || stream !== undefined || keyword !== "";

  const read = async (query: Query, signal: AbortSignal) => {
    const answer = await api.send({
      path,
      query: { ...filter, ...query },
      accept: "application/x-ndjson",
      signal,
    });
    return recordsOf(await answer.text());
  };

  return {
    path,
    filter,
    after: (sequence, limit, signal) => read({ after: sequence, limit }, signal),
    async before(sequence, lines, signal) {
      const page = await read({ before: sequence, tail: lines }, signal);
      const [first] = page;
      if (isFiltered || !first || (isWhole(page) && reaches(page, sequence))) return page;
      // Lines of both streams that overlap: the tail leaves out the rest of what began before it.
      return await read({ after: first.sequence - 1, before: sequence }, signal);
    },
  };
}

function reaches(page: readonly LogRecord[], end: number | undefined): boolean {
  return end === undefined || lastOfAll(page) === end - 1;
}

function recordsOf(text: string): readonly LogRecord[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LogRecord);
}
