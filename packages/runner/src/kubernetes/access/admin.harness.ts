import { createTestDeps } from "./access.harness.ts";
import { createConnection, type Connection } from "./connection/connection.ts";
import type { Route } from "./connection/transport.ts";
import { createCredentials } from "./credentials/credentials.ts";
import type { AccessDeps } from "./deps.ts";
import { findTarget } from "./kubeconfig/find-target.ts";
import { readFileOrData } from "./kubeconfig/read-file-or-data.ts";
import { readKubeconfig } from "./kubeconfig/read-kubeconfig.ts";

export interface Admin {
  readonly connection: Connection;
  readonly route: Route;
  readonly contextName: string;
  readonly deps: AccessDeps;
}

/** The cluster of a kubeconfig, as its administrator, for what keruta itself has no use for. */
export async function connectAsAdmin(path: string): Promise<Admin> {
  const deps = createTestDeps();
  const config = await readKubeconfig({ from: "flag", paths: [path], mayMiss: false }, {});
  const target = findTarget(config, undefined, path);
  const authority = await readFileOrData(target.cluster.authority, path);
  const { server, insecure, serverName } = target.cluster;
  const route = { server, authority, insecure, serverName, proxy: undefined };
  const connection = createConnection(route, await createCredentials(target, path, deps), deps);
  return { connection, route, contextName: target.contextName, deps };
}
