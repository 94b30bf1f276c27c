import type { LogOptions } from "../../cluster/cluster.ts";
import type { Connection } from "./connection/connection.ts";
import { isNetworkProblem } from "./connection/network-problem.ts";
import { cut, refused } from "./errors.ts";

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
  let isFirst = timestamps === true;
  try {
    for await (const chunk of body) {
      const words = isFirst ? kubeletWords(chunk) : undefined;
      if (words !== undefined) throw refused({ server, operation, status: 503, body: words });
      isFirst = false;
      yield chunk;
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (isNetworkProblem(error)) throw cut(server, operation, error);
    throw error;
  }
}

const longestWords = 300;

/**
 * A kubelet whose container runtime is away answers 200, and its words are the body ("unable to retrieve container
 * logs for …", seen on Kubernetes 1.35). A log's first line begins with its stamp.
 */
function kubeletWords(first: Uint8Array): string | undefined {
  const text = Buffer.from(first.subarray(0, longestWords)).toString("utf8");
  return /^unable to retrieve container logs for /i.test(text) ? text.trim() : undefined;
}
