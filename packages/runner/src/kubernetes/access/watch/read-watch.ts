import type { Timers } from "../../../stages/timers.ts";
import type { ApiRequest } from "../connection/api-request.ts";
import type { Connection } from "../connection/connection.ts";
import { isNetworkProblem } from "../connection/network-problem.ts";
import { cut, refused, type Status } from "../errors.ts";
import { BrokenLine, readJsonLines } from "./json-lines.ts";

type WatchLine<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK" }
  | { readonly type: "ERROR"; readonly object: Status };

export interface ObjectChange<T> {
  readonly type: "added" | "modified" | "deleted";
  readonly object: T;
}

const changeTypes = { ADDED: "added", MODIFIED: "modified", DELETED: "deleted" } as const;

/**
 * One watch request to its end. It returns when the server closes cleanly or nothing has come for `silenceMs`; it
 * throws KRT_CLUSTER_CUT for a broken stream, and what the server says in an ERROR line like any other refusal.
 */
export async function* readWatch<T>(
  connection: Connection,
  request: ApiRequest,
  silenceMs: number,
  timers: Timers,
): AsyncGenerator<ObjectChange<T>, void> {
  const silence = createSilence(silenceMs, timers);
  const signal = request.signal ? AbortSignal.any([request.signal, silence.signal]) : silence.signal;
  const { server } = connection.route;
  const { operation } = request;
  try {
    const body = await connection.open({ ...request, signal });
    for await (const value of readJsonLines(silence.listen(body))) {
      const line = value as WatchLine<T>;
      if (line.type === "BOOKMARK") continue;
      if (line.type === "ERROR") {
        const status = line.object.code ?? 500;
        throw refused({ server, operation, status, body: JSON.stringify(line.object) });
      }
      yield { type: changeTypes[line.type], object: line.object };
    }
  } catch (error) {
    if (silence.signal.aborted && request.signal?.aborted !== true) return;
    if (error instanceof BrokenLine || isNetworkProblem(error)) throw cut(server, operation, error);
    throw error;
  } finally {
    silence.end();
  }
}

interface Silence {
  readonly signal: AbortSignal;
  listen(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  end(): void;
}

/** Aborts when nothing has come for that long. The time in which nobody reads does not count. */
function createSilence(milliseconds: number, timers: Timers): Silence {
  const controller = new AbortController();
  const start = () => timers.after(milliseconds, () => controller.abort());
  let stop = start();
  return {
    signal: controller.signal,
    async *listen(bytes) {
      for await (const chunk of bytes) {
        stop();
        yield chunk;
        stop = start();
      }
    },
    end: () => stop(),
  };
}
