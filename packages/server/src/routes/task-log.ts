import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  attemptNotFound,
  encodeFrame,
  isTerminal,
  lastSequenceOf,
  levels,
  streamNames,
  toLogRecord,
  type Attempt,
  type LogEntry,
  type Task,
} from "@keruta/shared/domain";
import { eventStreamType, framesType } from "@keruta/shared/api";
import type { LogQuery } from "@keruta/shared/queue";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allow } from "../auth/allow.ts";
import { serverSentEvents } from "../events/stream.ts";
import { count, refusals, taskParams, time } from "../schemas/common.ts";
import { inBatches } from "./batches.ts";
import { bodyOf } from "./body-of.ts";
import { visibleReference } from "./visible.ts";

const ndjson = "application/x-ndjson";
const text = { schema: z.string() };

const readLog = createRoute({
  method: "get",
  path: "/tasks/{id}/log",
  summary: "An attempt's log: as text, as records, as frames, or live",
  description:
    "Accept: text/plain gives the bytes of both streams in their order, application/x-ndjson a record a line, " +
    "text/event-stream records as they come until the attempt has ended (it goes on after Last-Event-ID, then without " +
    "a tail).",
  middleware: allow("read"),
  request: {
    params: taskParams,
    query: z.object({
      attempt: count(1_000_000).optional().openapi({ description: "Default: the latest" }),
      after: count(Number.MAX_SAFE_INTEGER).optional().openapi({ description: "A sequence" }),
      before: count(Number.MAX_SAFE_INTEGER).optional().openapi({ description: "A sequence" }),
      tail: count(Number.MAX_SAFE_INTEGER).optional(),
      limit: count(Number.MAX_SAFE_INTEGER).optional().openapi({ description: "Entries, from the first on" }),
      since: time.optional(),
      level: z.enum(levels).optional().openapi({ description: "A minimum" }),
      stream: z.enum(streamNames).optional(),
      keyword: z
        .string()
        .min(1)
        .max(1024)
        .optional()
        .openapi({ description: "Text; letter case and width (NFKC) are ignored" }),
    }),
    headers: z.object({ "last-event-id": count(Number.MAX_SAFE_INTEGER).optional() }),
  },
  responses: {
    200: {
      description: "The log",
      content: { "text/plain": text, [ndjson]: text, [eventStreamType]: text, [framesType]: text },
    },
    ...refusals,
  },
});

export function taskLogRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { queue } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(readLog, async (c) => {
    const asked = c.req.valid("query");
    const task = await visibleReference(c.get("principal"), queue, c.req.valid("param").id);
    const attempt = attemptOf(task, asked.attempt);
    const accept = c.req.header("accept") ?? "";
    // A task that never ran has nothing to say, which is no error.
    if (!attempt) return c.body("", 200) as never;
    const last = c.req.valid("header")["last-event-id"];
    const after = last ?? asked.after;
    // Of one that comes again it said where to begin at first: what it missed may be more.
    const tail = last === undefined ? asked.tail : undefined;
    const query: LogQuery = {
      taskId: task.id,
      attempt: attempt.number,
      ...(after !== undefined && { afterSequence: after }),
      ...(asked.before !== undefined && { beforeSequence: asked.before }),
      ...(tail !== undefined && { tail }),
      ...(asked.limit !== undefined && { limit: asked.limit }),
      ...(asked.since !== undefined && { since: asked.since }),
      ...(asked.level !== undefined && { level: asked.level }),
      ...(asked.stream !== undefined && { stream: asked.stream }),
      // A text alone: a stranger's regular expression could keep the server busy for ever.
      ...(asked.keyword !== undefined && { keyword: asked.keyword }),
    };
    const source = { taskId: task.id, attempt: attempt.number, ...names(attempt) };
    const record = (entry: LogEntry) => JSON.stringify(toLogRecord(source, entry));

    if (accept.includes(eventStreamType)) {
      return serverSentEvents(deps, c, async (sse, signal) => {
        let rest = query;
        const goOnBehind = (sequence: number) => {
          const { tail: _tail, afterSequence = 0, ...others } = rest;
          rest = { ...others, afterSequence: Math.max(afterSequence, sequence) };
        };
        for await (const _ of deps.changes(signal)) {
          // Looked at before the log: what came in between is then there.
          const now = await queue.getTask(task.id);
          for await (const entry of queue.readLog(rest, goOnBehind)) {
            const id = lastSequenceOf(entry);
            await sse.writeSSE({ id: String(id), event: "Log", data: record(entry) });
            goOnBehind(id);
            if (signal.aborted) return;
          }
          if (!now || hasEnded(now, attempt.number)) {
            await sse.writeSSE({ event: "End", data: JSON.stringify({ attempt: attempt.number }) });
            return;
          }
        }
      }) as never;
    }
    const { type, bytesOf } = formatOf(accept, record);
    c.header("content-type", type);
    // Nothing that a Pod sends is run by a browser.
    c.header("x-content-type-options", "nosniff");
    const batches = inBatches(queue.readLog(query), bytesOf);
    // Before the status goes out: an archive that does not answer is told as an error.
    const first = await batches.next();
    // Else the listener gathers the first pieces, and answers a failure among them itself.
    c.header("transfer-encoding", "chunked");
    const onFailure = (error: unknown) => {
      const why = error instanceof Error ? error.stack : String(error);
      deps.log.error({ requestId: c.get("requestId"), error: why }, "a log broke off");
    };
    return c.body(bodyOf(batches, { first, cut: c.get("cut"), onFailure })) as never;
  });
  return app;
}

function attemptOf(task: Task, number: number | undefined): Attempt | undefined {
  if (number === undefined) return task.attempts.at(-1);
  const attempt = task.attempts.find((one) => one.number === number);
  if (!attempt) throw attemptNotFound(task.id, number);
  return attempt;
}

function names({ jobName, podName }: Attempt) {
  return { jobName, podName };
}

function hasEnded(task: Task, number: number): boolean {
  const attempt = task.attempts.find((one) => one.number === number);
  return isTerminal(task.status) || !attempt || attempt.finishedAt !== null;
}

const lineFeed = Uint8Array.of(10);
const encoder = new TextEncoder();

function formatOf(accept: string, record: (entry: LogEntry) => string) {
  if (accept.includes(framesType)) {
    return { type: framesType, bytesOf: (entry: LogEntry) => [encodeFrame(entry)] };
  }
  if (accept.includes(ndjson) || accept.includes("application/json")) {
    return { type: ndjson, bytesOf: (entry: LogEntry) => [encoder.encode(`${record(entry)}\n`)] };
  }
  return {
    type: "text/plain; charset=utf-8",
    bytesOf: (entry: LogEntry) =>
      entry.kind === "output" ? [entry.bytes, ...(entry.newline ? [lineFeed] : [])] : [],
  };
}
