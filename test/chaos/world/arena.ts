import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { parse } from "yaml";
import { startCuttingProxy } from "../../cluster/cutting-proxy.ts";
import { createClusterSandbox, kubeconfigFor, type ClusterSandbox } from "../../cluster/environment.ts";
import { startSwitchedProxy, type SwitchedProxy } from "../../cluster/switched-proxy.ts";
import { canMount, mountSmallDisk } from "../../local/small-disk.ts";
import { createPostgres, type PostgresServer } from "../../postgres/server.ts";
import { createSandbox, type Sandbox } from "../../sandbox.ts";
import { secretKey, secretName } from "../plan/task-file.ts";
import { openNamespace, type Namespace } from "./namespace.ts";
import { startMarker, type Marker } from "./marker.ts";

export const storeNames = ["sqlite", "postgres", "api-sqlite", "api-postgres"] as const;
export type StoreName = (typeof storeNames)[number];

export interface ArenaOptions {
  readonly store: StoreName;
  /** Of the administrator; undefined without a cluster. */
  readonly kubeconfig: string | undefined;
  /** Of this machine, as Pods reach it. */
  readonly host: string;
}

/** Where one round takes place: a home, a database, a namespace, and ways there that can be cut. */
export interface Arena extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly namespace: Namespace | null;
  /** A path or a URL, past all proxies. */
  readonly database: string;
  readonly postgres: PostgresServer | null;
  /** The small disk that the database lies on. */
  readonly disk: string | null;
  /** Of drivers and whoever asks: they differ in the ways that they take. */
  readonly clients: readonly Readonly<Record<string, string>>[];
  readonly server: {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly url: string;
  } | null;
  readonly proxies: {
    readonly cluster: readonly SwitchedProxy[];
    readonly postgres: SwitchedProxy | null;
    readonly server: SwitchedProxy | null;
  };
  readonly artifacts: string;
  /** Of those who drive local attempts. */
  readonly state: string;
  readonly marker: Marker;
  readonly secret: string;
}

const graces = ["IMAGE", "CONFIG", "SCHEDULING", "QUOTA", "SIDECAR"];
const cutAfterBytes = 3_000_000;

export async function createArena({ store, kubeconfig, host }: ArenaOptions): Promise<Arena> {
  await using resources = new AsyncDisposableStack();
  const onCluster = kubeconfig === undefined ? null : resources.use(await createClusterSandbox());
  const sandbox: Sandbox = onCluster ?? resources.use(await createSandbox());
  const isApi = store.startsWith("api-");
  const marker = resources.use(await startMarker(onCluster ? host : "127.0.0.1"));
  const secret = randomBytes(18).toString("base64url");
  await putSecret(sandbox, onCluster, secret);

  const artifacts = join(sandbox.directory, "artifacts");
  const usual = {
    KERUTA_AGENT_STOP_GRACE: "2s",
    // As short as it may be: the lease and a minute.
    KERUTA_JOB_TTL: "2m",
    // A node of which a component was stopped takes no Pods for a while.
    ...Object.fromEntries(graces.map((name) => [`KERUTA_KUBERNETES_GRACE_${name}`, "3m"])),
    // One for all, whoever brings them.
    KERUTA_ARTIFACTS_STORE: artifacts,
  };
  const { database, url, postgres, disk, proxy } = await openDatabase(sandbox, store, resources);
  const kubeconfigs = onCluster ? await clusterWays(onCluster, resources) : null;
  const server = isApi ? await planServer(sandbox, url, onCluster ? host : "127.0.0.1") : null;
  const serverProxy = server ? resources.use(await startSwitchedProxy(new URL(server.url))) : null;
  const other = join(sandbox.directory, "other");
  const way =
    server && serverProxy
      ? {
          KERUTA_API_URL: `http://127.0.0.1:${String(serverProxy.port)}`,
          XDG_STATE_HOME: other,
          ...(onCluster && { KERUTA_AGENT_API_URL: server.url }),
        }
      : { KERUTA_DB: url };
  const ways = kubeconfigs?.files.map((KUBECONFIG) => ({ KUBECONFIG })) ?? [{ KUBECONFIG: "/nonexistent" }];
  const namespace = onCluster ? await openNamespace(kubeconfig ?? "", onCluster.namespace) : null;
  if (namespace) resources.defer(() => namespace.close());
  const owned = resources.move();
  return {
    sandbox,
    namespace,
    database,
    postgres,
    disk,
    clients: ways.map((one) => ({ ...usual, ...way, ...one })),
    server: server && { ...server, env: { ...usual, KERUTA_DB: url, KUBECONFIG: "/nonexistent" } },
    proxies: { cluster: kubeconfigs?.proxies ?? [], postgres: proxy, server: serverProxy },
    artifacts,
    state: join(server ? other : join(sandbox.directory, "state"), "keruta"),
    marker,
    secret,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function putSecret(sandbox: Sandbox, cluster: ClusterSandbox | null, secret: string): Promise<void> {
  const directory = join(sandbox.directory, "config/keruta/secrets", secretName);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(join(directory, secretKey), secret, { mode: 0o600 });
  const metadata = { name: secretName };
  await cluster?.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: { [secretKey]: secret } });
}

async function openDatabase(sandbox: Sandbox, store: StoreName, resources: AsyncDisposableStack) {
  if (store.endsWith("sqlite")) {
    const small = canMount ? resources.use(mountSmallDisk("256m")) : null;
    const database = join(small?.directory ?? sandbox.directory, "queue.db");
    return {
      database,
      url: `sqlite:${database}`,
      postgres: null,
      disk: small?.directory ?? null,
      proxy: null,
    };
  }
  const postgres = await createPostgres({ durable: true });
  if (!postgres) throw new Error("PostgreSQL's binaries are not installed");
  resources.defer(() => postgres.dispose());
  const url = new URL(postgres.url);
  const proxy = resources.use(await startSwitchedProxy(url));
  url.port = String(proxy.port);
  return { database: postgres.url, url: url.href, postgres, disk: null, proxy };
}

/** Two ways that are cut and slowed at will, and one that breaks again and again by itself. */
async function clusterWays(cluster: ClusterSandbox, resources: AsyncDisposableStack) {
  const own = parse(await readFile(join(cluster.directory, "kubeconfig"), "utf8")) as {
    clusters: { cluster: { server: string } }[];
    users: { user: { token: string } }[];
  };
  const server = new URL(own.clusters[0]?.cluster.server ?? "");
  const token = own.users[0]?.user.token ?? "";
  const proxies = [
    resources.use(await startSwitchedProxy(server)),
    resources.use(await startSwitchedProxy(server)),
  ];
  const plan = {
    host: server.hostname,
    port: Number(server.port),
    afterBytes: cutAfterBytes,
    times: Number.POSITIVE_INFINITY,
  };
  const cutting = resources.use(await startCuttingProxy(plan));
  const files = await Promise.all(
    [...proxies, cutting].map(async ({ port }, at) => {
      const text = await kubeconfigFor({ token, server: `https://127.0.0.1:${String(port)}` });
      return await cluster.file(`kubeconfig-${String(at)}`, text);
    }),
  );
  return { files, proxies };
}

async function planServer(sandbox: Sandbox, url: string, host: string) {
  const port = await freePort(host);
  const open = host.startsWith("127.") ? [] : ["--tls-in-front"];
  const args = ["serve", "--listen", `${host}:${String(port)}`, ...open];
  return {
    args,
    url: `http://${host}:${String(port)}`,
    token: join(sandbox.directory, "state/keruta/admin-token"),
    database: url,
  };
}

/** The administrator's token, as soon as a server has made it. */
export async function adminToken({ sandbox }: Pick<Arena, "sandbox">): Promise<string | undefined> {
  const file = join(sandbox.directory, "state/keruta/admin-token");
  return existsSync(file) ? (await readFile(file, "utf8")).trim() : undefined;
}

async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, host, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
