import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { passOn } from "./pass-on.ts";

export interface SwitchedProxy extends AsyncDisposable {
  readonly port: number;
  /** Ends all connections and accepts none until `connect`. */
  cut(): void;
  connect(): void;
  /** From now on each piece, of all connections, comes so much later. */
  delay(milliseconds: number): void;
}

/** Passes connections on while it is told to, as a network does that is away, or slow, for a while. */
export async function startSwitchedProxy({
  hostname,
  port,
}: Pick<URL, "hostname" | "port">): Promise<SwitchedProxy> {
  const open = new Set<Socket>();
  let isConnected = true;
  let delay = 0;
  const server = createServer((client) => {
    if (!isConnected) {
      client.resetAndDestroy();
      return;
    }
    passOn(client, connect(Number(port), hostname), open, () => delay);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    isConnected = false;
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    connect() {
      isConnected = true;
    },
    delay(milliseconds) {
      delay = milliseconds;
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
