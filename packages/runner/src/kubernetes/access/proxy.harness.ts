/** An HTTP proxy that only tunnels, and notes where to. */
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

export interface TestProxy extends AsyncDisposable {
  readonly url: string;
  /** host:port of each tunnel. */
  readonly asked: readonly string[];
}

export async function startProxy(): Promise<TestProxy> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const proxy = createServer();
  proxy.on("connect", (request, client: Socket) => {
    asked.push(request.url ?? "");
    const { hostname, port } = new URL(`http://${request.url ?? ""}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    open.add(client).add(upstream);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    asked,
    [Symbol.asyncDispose]: async () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        proxy.close(() => resolve());
      }),
  };
}
