import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { passOn } from "./pass-on.ts";

export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections cut so far. */
  readonly cuts: number;
}

export interface CutPlan {
  readonly host: string;
  readonly port: number;
  /** Where it listens; this machine alone unless said. */
  readonly listenOn?: string;
  /** A connection over which so many bytes went, either way, is cut. */
  readonly afterBytes: number;
  readonly times: number;
}

/** Passes connections on, and cuts those that bring much, as a network does that breaks again and again. */
export async function startCuttingProxy(plan: CutPlan): Promise<CuttingProxy> {
  const { host, port, listenOn = "127.0.0.1", afterBytes, times } = plan;
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(port, host);
    let brought = 0;
    const count = (chunk: Buffer) => {
      brought += chunk.length;
      if (brought < afterBytes || cuts >= times) return;
      cuts += 1;
      client.resetAndDestroy();
      upstream.destroy();
    };
    client.on("data", count);
    upstream.on("data", count);
    passOn(client, upstream, open);
  });
  await new Promise<void>((resolve) => server.listen(0, listenOn, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get cuts() {
      return cuts;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
