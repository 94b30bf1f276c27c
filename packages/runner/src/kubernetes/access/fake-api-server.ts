/**
 * An API server for what the real one cannot be made to do. It knows nothing: each answer is scripted, in the order
 * of the requests of its kind, and a request without one is an error of the test. `fake-api-server.real.test.ts`
 * holds what it imitates against the real one.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

export interface FakeApiServer extends AsyncDisposable {
  readonly url: string;
  /** "GET /path?query", in order. */
  readonly seen: readonly string[];
  /** Throws if a request found no script, or a script was never asked for. */
  verify(): void;
  /** The next answers to this kind: `list`, `watch`, or a method and the end of a path, as in "GET /log". */
  script(kind: string, ...answers: readonly Answer[]): void;
  /** Every connection is reset and none accepted, until `comeBack`. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

export async function startFakeApiServer(): Promise<FakeApiServer> {
  const scripts = new Map<string, Answer[]>();
  const sockets = new Set<Socket>();
  const seen: string[] = [];
  const surplus: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://fake");
    const line = `${request.method ?? ""} ${url.pathname}${url.search}`;
    seen.push(line);
    // Asked whenever something is forbidden.
    const isHealth = url.pathname === "/readyz";
    const answer = take(scripts, isHealth ? ["GET /readyz"] : kindsOf(request, url));
    if (answer !== undefined) return answer(request, response, url);
    if (isHealth) return void response.end("ok");
    surplus.push(line);
    response.writeHead(501).end();
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const listen = async (port: number) =>
    new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = async () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.resetAndDestroy();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${String(port)}`,
    seen,
    verify() {
      const unused = [...scripts].flatMap(([kind, left]) => left.map(() => `never asked for: ${kind}`));
      const wrong = [...surplus, ...unused];
      if (wrong.length > 0) throw new Error(`the fake API server was used wrongly: ${wrong.join("; ")}`);
    },
    script(kind, ...answers) {
      scripts.set(kind, [...(scripts.get(kind) ?? []), ...answers]);
    },
    goAway: close,
    comeBack: async () => listen(port),
    [Symbol.asyncDispose]: close,
  };
}

function kindsOf(request: IncomingMessage, url: URL): string[] {
  const kinds = [`${request.method ?? ""} /${url.pathname.split("/").at(-1) ?? ""}`];
  if (request.method === "GET") kinds.push(url.searchParams.has("watch") ? "watch" : "list");
  return kinds;
}

function take(scripts: Map<string, Answer[]>, kinds: readonly string[]): Answer | undefined {
  for (const kind of kinds) {
    const answer = scripts.get(kind)?.shift();
    if (answer !== undefined) return answer;
  }
  return undefined;
}

export function json(value: object, status = 200, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(value));
  };
}

export function status(code: number, reason: string, message: string): object {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code };
}

export function listing(resourceVersion: string, ...names: readonly string[]): Answer {
  return json({ kind: "PodList", metadata: { resourceVersion }, items: names.map(pod) });
}

export function pod(name: string): object {
  return { metadata: { name, uid: `uid-${name}` } };
}

/** Lines of a watch; then what `end` does to the open answer. */
export function watching(lines: readonly object[], end: (response: ServerResponse) => void): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    for (const line of lines) response.write(`${JSON.stringify(line)}\n`);
    end(response);
  };
}

export const closes = (response: ServerResponse) => void response.end();
export const staysSilent = () => undefined;
/** After what was written has reached the client. */
export const resets = (response: ServerResponse) =>
  void setImmediate(() => setImmediate(() => response.socket?.resetAndDestroy()));
export const stopsInsideALine = (response: ServerResponse) => void response.end('{"type":"ADDED","obj');
