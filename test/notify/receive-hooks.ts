import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

interface ReceivedHook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HookAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

export interface HookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly hooks: readonly ReceivedHook[];
  /** Resolves when so many have come. */
  received(count: number): Promise<readonly ReceivedHook[]>;
}

/** An HTTP server on this machine that takes what is POSTed; `answer` gets the number of requests before. */
export async function receiveHooks(
  answer: (before: number) => HookAnswer = () => ({ status: 200, text: "ok" }),
  port = 0,
): Promise<HookReceiver> {
  const hooks: ReceivedHook[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { status, headers = {}, text = "" } = answer(hooks.length);
      hooks.push({
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      });
      response.writeHead(status, headers).end(text);
      for (const wake of waiting) wake();
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    hooks,
    async received(count) {
      while (hooks.length < count) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
      }
      return hooks;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
