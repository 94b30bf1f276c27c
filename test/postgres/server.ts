import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyPostgres, installedPostgres } from "./binaries.ts";

export interface PostgresServer {
  /** Of its administrator, with the password. */
  readonly url: string;
  /** Of the authority that signed the server's certificate, for `localhost` only; undefined without openssl. */
  readonly certificate: string | undefined;
  start(): Promise<void>;
  /** `immediate` as a crash, `fast` as a restart; `killed`: kill -9, after which it may not start again at once. */
  stop(how: "immediate" | "fast" | "killed"): Promise<void>;
  dispose(): Promise<void>;
}

export interface PostgresOptions {
  /** Where its directory is made, and any user may go. Default: the system's place for temporary files. */
  readonly parent?: string;
  /** True: commits are on the disk, as a server that is used does it. What tests end are processes, not machines. */
  readonly durable?: boolean;
  /** Another address of this machine that it listens on, and the network that may come from there. */
  readonly network?: { readonly address: string; readonly from: string };
}

/** A server of its own with an empty cluster, on a free port; undefined where none is installed. */
export async function createPostgres(options: PostgresOptions = {}): Promise<PostgresServer | undefined> {
  const { parent = tmpdir(), durable = false, network } = options;
  const native = installedPostgres();
  if (native === undefined) return undefined;
  const directory = mkdtempSync(join(parent, "keruta-postgres-"));
  chmodSync(directory, 0o755);
  copyPostgres(native, join(directory, "native"));
  const owner = await ownerOf(directory);
  const password = randomBytes(12).toString("hex");
  const data = initialise(directory, owner, password);
  if (network) appendFileSync(join(data, "pg_hba.conf"), `host all all ${network.from} scram-sha-256\n`);
  const certificate = makeCertificate(data, owner);
  const port = await freePort();
  const args = serverArguments({
    data,
    port,
    tls: certificate !== undefined,
    durable,
    address: network?.address,
  });
  let running: ChildProcess | undefined;

  const server: PostgresServer = {
    url: `postgres://postgres:${password}@localhost:${String(port)}/postgres?sslmode=disable`,
    certificate,
    async start() {
      running = await startServer([join(directory, "native/bin/postgres"), ...args], owner);
    },
    async stop(how) {
      if (!running) return;
      const child = running;
      running = undefined;
      child.stdin?.end(`${signals[how]}\n`);
      if (child.exitCode === null) await once(child, "exit");
    },
    async dispose() {
      await server.stop("immediate");
      rmSync(directory, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

const signals = { immediate: "QUIT", fast: "INT", killed: "KILL" } as const;

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses root, so that nobody runs it then. */
async function ownerOf(directory: string): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  const owner = { uid: idOf("-u"), gid: idOf("-g") };
  chownSync(directory, owner.uid, owner.gid);
  return owner;
}

/** Ordered as English is: what relies on the order of bytes is to say so. */
function initialise(directory: string, owner: Owner, password: string): string {
  const data = join(directory, "data");
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const locale = ["--locale=C", "--locale-provider=icu", "--icu-locale=en-US", "-E", "UTF8"];
  const access = ["-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const initdb = join(directory, "native/bin/initdb");
  execFileSync(initdb, ["-D", data, "--no-sync", ...locale, ...access], { ...owner, cwd: directory });
  return data;
}

interface ServerSettings {
  readonly data: string;
  readonly port: number;
  readonly tls: boolean;
  readonly durable: boolean;
  readonly address: string | undefined;
}

function serverArguments({ data, port, tls, durable, address }: ServerSettings): readonly string[] {
  const settings = {
    port: String(port),
    listen_addresses: ["127.0.0.1", ...(address === undefined ? [] : [address])].join(","),
    unix_socket_directories: "",
    max_connections: "200",
    fsync: durable ? "on" : "off",
    full_page_writes: durable ? "on" : "off",
    ssl: tls ? "on" : "off",
  };
  return ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/** Reads how to end, and ends the server too where that never comes: the tests were killed. */
const keeper = `"$@" & child=$!; read -r how || how=QUIT; kill -"$how" "$child"; wait "$child"`;

async function startServer(command: readonly string[], owner: Owner): Promise<ChildProcess> {
  const child = spawn("sh", ["-c", keeper, "sh", ...command], {
    ...owner,
    cwd: "/",
    stdio: ["pipe", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8");
  for await (const text of child.stderr.iterator({ destroyOnReturn: false })) {
    log += String(text);
    if (log.includes("ready to accept connections")) {
      child.stderr.resume();
      return child;
    }
    // A client that comes too early is told so with FATAL too.
    if (/PANIC|FATAL:\s+(?!\s|the database system is )/.test(log)) break;
  }
  child.stdin.end();
  throw new Error(`PostgreSQL did not start:\n${log}`);
}

function makeCertificate(data: string, { uid, gid }: Owner): string | undefined {
  const [key, certificate] = [join(data, "server.key"), join(data, "server.crt")];
  const kind = [
    "req",
    "-new",
    "-x509",
    "-days",
    "2",
    "-nodes",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
  ];
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  try {
    execFileSync("openssl", [...kind, ...name, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  chmodSync(key, 0o600);
  if (uid !== undefined && gid !== undefined)
    for (const file of [key, certificate]) chownSync(file, uid, gid);
  return certificate;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("a TCP server has no port");
  return address.port;
}
