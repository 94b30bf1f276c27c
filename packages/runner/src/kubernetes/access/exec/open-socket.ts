import type { ClientRequest, IncomingMessage } from "node:http";
import type { Agent } from "node:http";
import { WebSocket, type ClientOptions } from "ws";
import type { Identity } from "../credentials/identity.ts";
import type { Connection } from "../connection/connection.ts";
import { tlsOf, type Route } from "../connection/transport.ts";
import { refused, unreachable } from "../errors.ts";
import { subprotocols } from "./channel.ts";

export interface SocketRequest {
  readonly operation: string;
  readonly url: URL;
  readonly userAgent: string;
  readonly signal: AbortSignal | undefined;
}

/** The API server answers only when the kubelet has. */
const handshakeTimeoutMs = 30_000;
/** The API server's own messages are 32 KiB at most. */
const maxPayload = 4 * 1024 * 1024;

/** An open WebSocket of one of our sub-protocols. A refusal is told with the server's own words. */
export async function openSocket(connection: Connection, request: SocketRequest): Promise<WebSocket> {
  const { route } = connection;
  const doubt = connection.doubtRefusal();
  for (let renewed = false; ;) {
    const answer = await connect(route, await connection.enter(request.operation), request);
    if (answer instanceof WebSocket) return answer;
    if (answer.status === 401 && !renewed && connection.renew()) renewed = true;
    else if (answer.status !== 403 || !(await doubt.mayChange(request.signal)))
      throw refused({ server: route.server, operation: request.operation, ...answer });
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function connect(
  route: Route,
  identity: Identity,
  { url, userAgent, signal }: SocketRequest,
): Promise<WebSocket | Answer> {
  const options: ClientOptions = {
    ...tlsOf(route, identity),
    ...(route.proxy !== undefined && { agent: await agentFor(route.proxy) }),
    headers: { "user-agent": userAgent, ...identity.headers },
    handshakeTimeout: handshakeTimeoutMs,
    perMessageDeflate: false,
    maxPayload,
  };
  signal?.throwIfAborted();
  const socketUrl = new URL(url);
  socketUrl.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(socketUrl, subprotocols, options);
  return new Promise((resolve, reject) => {
    const onAbort = () => socket.terminate();
    signal?.addEventListener("abort", onAbort, { once: true });
    const settle = (act: () => void) => {
      signal?.removeEventListener("abort", onAbort);
      act();
    };
    socket.once("open", () => {
      // Nothing is read before the caller listens: the first message may come in the packet of the handshake.
      socket.pause();
      settle(() => resolve(socket));
    });
    socket.once("unexpected-response", (request: ClientRequest, response: IncomingMessage) => {
      // Read to its end, the response gives its connection back to a pool that keeps the process alive for 90 s.
      const connection = response.socket;
      void readBody(response)
        .then(
          (body) => settle(() => resolve({ status: response.statusCode ?? 500, body })),
          (error: unknown) => settle(() => reject(unreachable(route.server, error))),
        )
        .finally(() => {
          request.destroy();
          connection.destroy();
        });
    });
    socket.on("error", (error) => {
      settle(() => reject(signal?.aborted ? (signal.reason as Error) : unreachable(route.server, error)));
    });
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const chunk of response) text += String(chunk);
  return text;
}

async function agentFor(proxy: string): Promise<Agent> {
  if (proxy.startsWith("socks")) {
    const { SocksProxyAgent } = await import("socks-proxy-agent");
    return new SocksProxyAgent(proxy);
  }
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  return new HttpsProxyAgent(proxy);
}
