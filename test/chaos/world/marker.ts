import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Start } from "../check/history.ts";

export interface Marker extends AsyncDisposable {
  /** Host and port. */
  readonly address: string;
  readonly starts: readonly Start[];
}

/** Where each command says that it was started: `/KEY/ATTEMPT/NAME`. It outlives all that is killed. */
export async function startMarker(address: string): Promise<Marker> {
  const starts: Start[] = [];
  const server = createServer((request, response) => {
    const [, key = "", attempt = "", name = ""] = (request.url ?? "").split("/");
    starts.push({ key, attempt: Number(attempt), name, at: Date.now() });
    response.end("\n");
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    address: `${address}:${String((server.address() as AddressInfo).port)}`,
    starts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
