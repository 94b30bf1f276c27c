/** What the tests of the access to a cluster share. */
import type { Timers } from "../../stages/timers.ts";
import type { AccessDeps } from "./deps.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { createConnection, type Connection } from "./connection/connection.ts";
import type { Route } from "./connection/transport.ts";
import { createCluster } from "./create-cluster.ts";
import type { Credentials } from "./credentials/identity.ts";

export interface TestDeps extends AccessDeps {
  /** Throws if a timer still runs. */
  verify(): void;
}

/** Real time, divided by `speed`: what takes a minute takes a minute / speed. */
export function createTestDeps(speed = 1, env: AccessDeps["env"] = {}): TestDeps {
  const running = new Set<NodeJS.Timeout>();
  const timers: Timers = {
    after(milliseconds, act) {
      const timer = setTimeout(() => {
        running.delete(timer);
        act();
      }, milliseconds / speed);
      running.add(timer);
      return () => {
        clearTimeout(timer);
        running.delete(timer);
      };
    },
    every(milliseconds, act) {
      const timer = setInterval(act, milliseconds / speed);
      running.add(timer);
      return () => {
        clearInterval(timer);
        running.delete(timer);
      };
    },
  };
  return {
    env,
    timers,
    clock: () => (performance.timeOrigin + performance.now()) * speed,
    random: () => 0.5,
    userAgent: "keruta/test",
    verify() {
      if (running.size > 0) throw new Error(`${String(running.size)} timers are left`);
    },
  };
}

export const anonymous: Credentials = {
  identity: () => Promise.resolve({ headers: {}, certificate: undefined, key: undefined }),
  renew: () => false,
};

export function connectTo(server: string, deps: AccessDeps, credentials = anonymous): Connection {
  const route: Route = {
    server,
    authority: undefined,
    insecure: false,
    serverName: undefined,
    proxy: undefined,
  };
  return createConnection(route, credentials, deps);
}

export function clusterAt(server: string, deps: AccessDeps, credentials = anonymous): Cluster {
  return createCluster(connectTo(server, deps, credentials), { contextName: "test", namespace: "dev" }, deps);
}

/** The error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`it did not fail, but gave ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

export async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
