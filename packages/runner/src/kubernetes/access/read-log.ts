import type { LogOptions } from "../../cluster/cluster.ts";
import type { Connection } from "./connection/connection.ts";
import { isNetworkProblem } from "./connection/network-problem.ts";
import { cut, refused } from "./errors.ts";
import { kubeletWords, mayBeWords } from "./kubelet-words.ts";

/** `Cluster.readLog`; `podPath` is the Pod's own path. */
export async function* readLog(
  connection: Connection,
  podPath: string,
  options: LogOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const { container, sinceTime, follow, timestamps, limitBytes } = options;
  const { server } = connection.route;
  const operation = "read log";
  const body = await connection.open({
    operation,
    method: "GET",
    path: `${podPath}/log`,
    query: { container, sinceTime, follow, timestamps, limitBytes },
    signal,
  });
  const isWhole = sinceTime === undefined;
  /** Without stamps a log cannot be told from words. */
  let isBeginning = timestamps === true;
  let held: Uint8Array = new Uint8Array(0);
  const release = () => {
    const words = kubeletWords(held, isWhole);
    if (words) throw refused({ server, operation, ...words });
    isBeginning = false;
    return held;
  };
  try {
    for await (const chunk of body) {
      if (!isBeginning) {
        yield chunk;
        continue;
      }
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (!mayBeWords(held, isWhole)) yield release();
    }
    if (isBeginning && held.length > 0) yield release();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (isNetworkProblem(error)) throw cut(server, operation, error);
    throw error;
  }
}
