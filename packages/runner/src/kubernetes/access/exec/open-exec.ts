import { Readable } from "node:stream";
import { KerutaError } from "@keruta/shared/domain";
import { WebSocket, type RawData } from "ws";
import type { Exec, ExecOptions } from "../../../cluster/cluster.ts";
import { urlOf } from "../connection/api-request.ts";
import type { Connection } from "../connection/connection.ts";
import type { AccessDeps } from "../deps.ts";
import { cut, parseStatus, refused } from "../errors.ts";
import { channel, subprotocols } from "./channel.ts";
import { exitCodeOf } from "./exit-code.ts";
import { keepAlive } from "./keep-alive.ts";
import { openSocket } from "./open-socket.ts";
import { createSweeper, keepHeapSmall } from "../../../stages/small-heap.ts";

const operation = "exec";
/** What may wait for the reader before the socket is paused. */
const stdoutBytes = 256 * 1024;
const stderrBytes = 8 * 1024;

/** `Cluster.exec`; `podPath` is the Pod's own path. */
export async function openExec(
  connection: Connection,
  podPath: string,
  { container, command, stdin = false }: ExecOptions,
  deps: AccessDeps,
  signal: AbortSignal | undefined,
): Promise<Exec> {
  keepHeapSmall();
  const { server } = connection.route;
  const url = urlOf(server, `${podPath}/exec`, { container, command, stdin, stdout: true, stderr: true });
  const socket = await openSocket(connection, { operation, url, userAgent: deps.userAgent, signal });
  const exit = Promise.withResolvers<number>();
  // Who leaves stdout early hears of the cut there, and need not ask for the exit code too.
  exit.promise.catch(() => undefined);
  const alive = keepAlive(socket, deps);
  const sweeper = createSweeper();

  let stderr = Buffer.alloc(0);
  let hasStatus = false;
  let cause: unknown;
  let isLeft = false;
  const stdout = new Readable({
    highWaterMark: stdoutBytes,
    read: () => {
      alive.heard();
      socket.resume();
    },
    destroy: (error, callback) => {
      isLeft = true;
      // A paused socket would never hear of its own end.
      socket.resume();
      socket.terminate();
      callback(error);
    },
  });
  // Whoever reads it is told by its iteration; it may end before anybody does.
  stdout.on("error", () => undefined);

  socket.on("message", (data: RawData) => {
    alive.heard();
    sweeper.passed((data as Buffer).length);
    const message = data as Buffer;
    const payload = message.subarray(1);
    const [from] = message;
    if (from === channel.stdout) {
      if (payload.length > 0 && !isLeft && !stdout.push(payload)) socket.pause();
    } else if (from === channel.stderr) {
      stderr = Buffer.concat([stderr, payload]).subarray(-stderrBytes);
    } else if (from === channel.status) readStatus(payload.toString("utf8"));
    // Else the server's notice (255) that one of its streams has ended: the status tells all.
  });
  socket.on("error", (error) => {
    cause = error;
  });
  socket.once("close", () => {
    alive.end();
    sweeper.end();
    signal?.removeEventListener("abort", onAbort);
    if (hasStatus) {
      stdout.push(null);
      return;
    }
    const error = signal?.aborted ? (signal.reason as Error) : cut(server, operation, cause);
    exit.reject(error);
    if (!isLeft) stdout.destroy(error);
  });
  const onAbort = () => stdout.destroy(signal?.reason as Error);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();

  function readStatus(text: string): void {
    hasStatus = true;
    const status = parseStatus(text);
    const code = exitCodeOf(status);
    if (code !== undefined) exit.resolve(code);
    else exit.reject(refused({ server, operation, status: status?.code ?? 400, body: text }));
    socket.close(1000);
  }

  async function send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (socket.readyState !== WebSocket.OPEN) return reject(cut(server, operation, cause));
      socket.send(bytes, (error) => (error ? reject(cut(server, operation, error)) : resolve()));
    });
  }

  return {
    stdin: {
      write: async (bytes) => send(Buffer.concat([Buffer.of(channel.stdin), bytes])),
      end: async () => {
        if (socket.protocol !== subprotocols[0]) throw tooOld(server);
        return send(Buffer.of(channel.close, channel.stdin));
      },
    },
    stdout,
    stderr: () => stderr.toString("utf8"),
    exitCode: exit.promise,
  };
}

function tooOld(server: string): KerutaError {
  return new KerutaError(
    "KRT_CLUSTER_REFUSED",
    {
      en: `The cluster at ${server} cannot close the input of a command in a Pod: it is older than Kubernetes 1.30.`,
      ja: `クラスター ${server} は Pod 内のコマンドの標準入力を閉じられません（Kubernetes 1.30 より前のバージョンです）。`,
    },
    {
      hint: {
        en: "Upgrade the cluster to Kubernetes 1.30 or later.",
        ja: "クラスターを Kubernetes 1.30 以降に更新してください。",
      },
    },
  );
}
