import type { LogEntry } from "../../domain/log/entry.ts";
import { decodeFrames } from "../../domain/log/frame.ts";
import { createLineFilter } from "../../domain/log/line-filter.ts";
import { withoutMemory } from "../../domain/log/without-memory.ts";
import { KerutaError } from "../../domain/error.ts";
import type { LogQuery } from "../../queue/queue.ts";
import { framesType } from "../wire.ts";
import type { Http } from "./http.ts";
import { lastLines } from "./last-lines.ts";

/**
 * Streams an attempt's log. The server filters by all but a regular expression: one that a stranger sends can keep it
 * busy for ever, so lines are judged here.
 */
export async function* readLog(http: Http, query: LogQuery): AsyncGenerator<LogEntry> {
  const { grep, tail, limit, ...rest } = query;
  if (!grep) return yield* stream(http, query);
  yield* firstOf(matchingLines(http, { ...rest, grep, ...(tail !== undefined && { tail }) }), limit);
}

async function* firstOf(
  entries: AsyncIterable<LogEntry>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<LogEntry> {
  let left = limit;
  if (left <= 0) return;
  for await (const entry of entries) {
    yield entry;
    left -= 1;
    if (left <= 0) return;
  }
}

async function* matchingLines(
  http: Http,
  { grep, tail, ...rest }: Omit<LogQuery, "limit" | "grep"> & { readonly grep: RegExp },
): AsyncGenerator<LogEntry> {
  if (tail !== undefined && tail <= 0) return;
  const pattern = withoutMemory(grep);
  const matching = filtered(stream(http, rest), (text) => pattern.test(text));
  yield* tail === undefined ? matching : lastLines(matching, tail);
}

async function* filtered(
  entries: AsyncIterable<LogEntry>,
  matches: (text: string) => boolean,
): AsyncGenerator<LogEntry> {
  const lines = createLineFilter(matches);
  for await (const entry of entries) yield* lines.push(entry);
  yield* lines.finish();
}

async function* stream(http: Http, query: Omit<LogQuery, "grep">): AsyncGenerator<LogEntry> {
  const {
    taskId,
    attempt,
    afterSequence,
    beforeSequence,
    tail,
    limit,
    since,
    level,
    stream: name,
    keyword,
  } = query;
  // A reader that stops early must not leave the server writing.
  const stop = new AbortController();
  try {
    const chunks = http.chunks({
      path: `/tasks/${encodeURIComponent(taskId)}/log`,
      query: {
        attempt,
        after: afterSequence,
        before: beforeSequence,
        tail,
        limit,
        since,
        level,
        stream: name,
        keyword,
      },
      headers: { accept: framesType },
      signal: stop.signal,
    });
    let rest: Uint8Array = new Uint8Array(0);
    for await (const chunk of chunks) {
      const bytes = rest.length === 0 ? chunk : joined(rest, chunk);
      const { entries, consumed, damaged } = decodeFrames(bytes);
      yield* entries;
      if (damaged) throw cutOff(http.url);
      rest = bytes.slice(consumed);
    }
    if (rest.length > 0) throw cutOff(http.url);
  } finally {
    stop.abort();
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function cutOff(url: string): KerutaError {
  return new KerutaError(
    "KRT_SERVER_UNREACHABLE",
    {
      en: `The server at ${url} broke off in the middle of a log.`,
      ja: `サーバー ${url} からのログが途中で途切れました。`,
    },
    { details: { transient: true } },
  );
}
