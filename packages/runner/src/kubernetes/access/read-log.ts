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
      if (words !== undefined) throw refused({ server, operation, ...words });
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
 * A kubelet that cannot read a log answers 200, and its words are the body (seen on Kubernetes 1.35): "unable to
 * retrieve container logs for …" while its container runtime is away, "failed to try resolving symlinks in path …"
 * when the file is gone with its Pod. A log's first line begins with a digit, that of its stamp.
 */
function kubeletWords(first: Uint8Array): { readonly status: number; readonly body: string } | undefined {
  const body = Buffer.from(first.subarray(0, longestWords)).toString("utf8").trim();
  if (!/^[a-z]/i.test(body)) return undefined;
  return { status: /^unable to retrieve/i.test(body) ? 503 : 404, body };
}
