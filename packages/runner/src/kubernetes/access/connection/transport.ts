import { Agent, ProxyAgent, type Dispatcher } from "undici";
import type { Identity } from "../credentials/identity.ts";

/** How the server is reached, but for who we are. */
export interface Route {
  readonly server: string;
  /** PEM; undefined: the well-known authorities. */
  readonly authority: string | undefined;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  readonly proxy: string | undefined;
}

export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

const connectTimeoutMs = 10_000;
const headersTimeoutMs = 30_000;
const bodyTimeoutMs = 30_000;
/** Longer than the pauses of a task, shorter than the idle time-outs of the usual load balancers (60 s and more). */
const keepAliveMs = 50_000;

export function tlsOf(route: Route, { certificate, key }: Identity): Tls {
  return {
    ...(route.authority !== undefined && { ca: route.authority }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
    ...(route.serverName !== undefined && { servername: route.serverName }),
    rejectUnauthorized: !route.insecure,
  };
}

/** One keep-alive pool to the server. A stream holds a connection of its own, so their number is not limited. */
export function createPool(route: Route, identity: Identity): Dispatcher {
  const tls = tlsOf(route, identity);
  const options = {
    headersTimeout: headersTimeoutMs,
    bodyTimeout: bodyTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectTimeout: connectTimeoutMs,
  };
  if (route.proxy !== undefined) {
    return new ProxyAgent({ ...options, uri: route.proxy, proxyTunnel: true, requestTls: tls });
  }
  return new Agent({ ...options, connect: { ...tls, timeout: connectTimeoutMs } });
}
