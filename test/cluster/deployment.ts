import { createPostgres, type PostgresServer } from "../postgres/server.ts";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { eventually } from "./submitted.ts";

/** Where Pods reach this machine, and what they come from (the cluster tool's README). */
const machine = { address: "10.88.0.1", from: "10.88.0.0/16" };

export interface Deployment extends AsyncDisposable {
  readonly cluster: ClusterSandbox;
  readonly postgres: PostgresServer;
  /** Of the Service, from this machine. */
  readonly url: string;
  readonly token: string;
  /** keruta as somebody who has a token and nothing else. */
  readonly keruta: (args: readonly string[]) => ReturnType<ClusterSandbox["run"]>;
  readonly start: (args: readonly string[]) => ReturnType<ClusterSandbox["start"]>;
}

export interface DeploymentOptions {
  readonly workers: number;
  readonly concurrency: number;
}

/** Server and workers in a namespace of the real cluster, over a real PostgreSQL on this machine. */
export async function createDeployment(options: DeploymentOptions): Promise<Deployment> {
  const postgres = await createPostgres({ network: machine, durable: true });
  if (!postgres) throw new Error("PostgreSQL's binaries are not installed");
  const cluster = await createClusterSandbox();
  const dispose = async () => {
    await cluster[Symbol.asyncDispose]();
    await postgres.dispose();
  };
  try {
    const database = new URL(postgres.url);
    database.hostname = machine.address;
    await cluster.apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "keruta-database" },
      stringData: { url: database.href },
    });
    await installServer(cluster, options);
    for (const name of ["keruta-api", "keruta-worker"]) {
      await cluster.kubectl("rollout", "status", `deployment/${name}`, "--timeout=120s");
    }
    const address = await cluster.kubectl("get", "service", "keruta-api", "-o", "jsonpath={.spec.clusterIP}");
    const url = `http://${address}:8080`;
    const token = await eventually(async () => {
      const secret = ["get", "secret", "keruta-admin-token", "-o", "jsonpath={.data.token}"];
      const text = await cluster.kubectl(...secret).catch(() => "");
      return text === "" ? undefined : Buffer.from(text, "base64").toString();
    });
    const env = { KERUTA_API_URL: url, KERUTA_API_TOKEN: token, KUBECONFIG: "/nonexistent" };
    return {
      cluster,
      postgres,
      url,
      token,
      keruta: (args) => cluster.run(args, { env }),
      start: (args) => cluster.start(args, { env }),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function installServer(
  cluster: ClusterSandbox,
  { workers, concurrency }: DeploymentOptions,
): Promise<void> {
  const flags = ["--workers", String(workers), "--concurrency", String(concurrency)];
  const args = [
    "install",
    "-n",
    cluster.namespace,
    "--server",
    "--database-secret",
    "keruta-database",
    ...flags,
  ];
  const KUBECONFIG = process.env["KERUTA_TEST_KUBECONFIG"] ?? "";
  const { code, stderr } = await cluster.run(args, { env: { KUBECONFIG } });
  if (code !== 0) throw new Error(`keruta install --server failed: ${stderr}`);
}
