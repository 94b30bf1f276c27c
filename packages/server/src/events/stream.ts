import { eventStreamType } from "@keruta/shared/api";
import type { Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import type { AppEnv, ServerDeps } from "../deps/env.ts";

/** Proxies close what says nothing for a minute. */
const heartbeatMilliseconds = 15_000;

/** Server-sent events until the client goes or the server stops. */
export function serverSentEvents(
  deps: Pick<ServerDeps, "stopping" | "log">,
  c: Context<AppEnv>,
  write: (stream: SSEStreamingApi, signal: AbortSignal) => Promise<void>,
): Response {
  // Nginx would gather events until its buffer is full.
  c.header("x-accel-buffering", "no");
  const { method, signal: cut } = c.req.raw;
  // A body that nobody reads is never told that its reader went.
  if (method === "HEAD") return c.body(null, 200, { "content-type": eventStreamType });
  const requestId = c.get("requestId");
  return streamSSE(c, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => {
      gone.abort();
    });
    const signal = AbortSignal.any([gone.signal, cut, deps.stopping]);
    const timer = setInterval(() => void stream.write(": alive\n\n"), heartbeatMilliseconds);
    try {
      // The headers leave with the first byte.
      await stream.write(": hello\n\n");
      await write(stream, signal);
    } catch (error) {
      // The client comes back to what failed; why it did is none of its business.
      deps.log.error(
        { requestId, error: error instanceof Error ? error.stack : String(error) },
        "a stream failed",
      );
    } finally {
      clearInterval(timer);
    }
  });
}
