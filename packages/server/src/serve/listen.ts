import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { getRequestListener } from "@hono/node-server";
import { KerutaError } from "@keruta/shared/domain";
import type { Connection } from "../requests/surroundings.ts";

export interface ListenOptions {
  readonly fetch: (request: Request, env: unknown) => Response | Promise<Response>;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly tls: Tls | null;
}

/** In PEM. */
export interface Tls {
  readonly certificate: string;
  readonly key: string;
}

export interface Listener {
  /** With the port that was got. */
  readonly url: string;
  /** Stops accepting, lets requests that run end, and cuts what is left after the grace, in milliseconds. */
  close(graceMilliseconds: number): Promise<void>;
}

/** Serves an application. Throws KRT_USAGE where the address cannot be had. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { fetch, host, port, tls } = options;
  const handle = getRequestListener((request, env) => fetch(request, env), { overrideGlobalObjects: false });
  const server = tls
    ? createHttpsServer(
        { cert: tls.certificate, key: tls.key, minVersion: "TLSv1.2" },
        (i, o) => void handle(i, o),
      )
    : createHttpServer((incoming, outgoing) => void handle(incoming, outgoing));
  // A proxy that keeps connections for a minute must not find one that has just been closed here.
  server.keepAliveTimeout = 75_000;
  await listening(server, host, port);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has an address");
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `${tls ? "https" : "http"}://${name}:${String(address.port)}`,
    async close(graceMilliseconds) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      server.close(() => {
        resolve(undefined);
      });
      server.closeIdleConnections();
      const timer = setTimeout(() => {
        server.closeAllConnections();
      }, graceMilliseconds);
      await promise;
      clearTimeout(timer);
    },
  };
}

async function listening(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once("error", reject);
  server.listen(port, host, () => {
    resolve(undefined);
  });
  try {
    await promise;
  } catch (error) {
    throw cannotListen(host, port, error);
  }
}

/** Of a request that this listener passed on. */
export function connectionOf(env: unknown): Connection {
  const { socket } = (env as { readonly incoming: IncomingMessage }).incoming;
  return {
    address: socket.remoteAddress ?? "",
    isSecure: (socket as Partial<TLSSocket>).encrypted === true,
    cut: () => socket.destroy(),
  };
}

function cannotListen(host: string, port: number, cause: unknown): KerutaError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const place = `${host}:${String(port)}`;
  return new KerutaError(
    "KRT_USAGE",
    { en: `The server cannot listen on ${place}: ${why}.`, ja: `${place} で待ち受けできません: ${why}` },
    {
      cause,
      hint: {
        en: "Choose another address with --listen HOST:PORT.",
        ja: "--listen HOST:PORT で別のアドレスを指定してください。",
      },
    },
  );
}
