import type { LogOptions } from "../../cluster/cluster.ts";
import type { Connection } from "./connection/connection.ts";
import { isNetworkProblem } from "./connection/network-problem.ts";
import { cut } from "./errors.ts";

/** `Cluster.readLog`; `podPath` is the Pod's own path. */
export async function* readLog(
  connection: Connection,
  podPath: string,
  options: LogOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const { container, sinceTime, follow, timestamps, limitBytes } = options;
  const operation = "read log";
  const body = await connection.open({
    operation,
    method: "GET",
    path: `${podPath}/log`,
    query: { container, sinceTime, follow, timestamps, limitBytes },
    signal,
  });
  try {
    yield* body;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (isNetworkProblem(error)) throw cut(connection.route.server, operation, error);
    throw error;
  }
}
