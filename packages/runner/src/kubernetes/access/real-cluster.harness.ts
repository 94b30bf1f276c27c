/**
 * The real cluster of KERUTA_TEST_KUBECONFIG: `describeReal` gives tests a namespace of its own, with a Pod
 * `quiet` that sleeps and a Pod `counter` that prints. Without the variable the tests are left out.
 */
// oxlint-disable no-restricted-globals, no-console -- what the tests are run with decides
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe } from "vitest";
import type { Cluster } from "../../cluster/cluster.ts";
import { connectAsAdmin } from "./admin.harness.ts";
import { createConnection, type Connection } from "./connection/connection.ts";
import { withAuthorization } from "./credentials/identity.ts";
import { createCluster } from "./create-cluster.ts";
import { readJsonLines } from "./watch/json-lines.ts";

export interface RealCluster {
  readonly cluster: Cluster;
  readonly connection: Connection;
  readonly kubeconfig: string;
  /** The same as a ServiceAccount with these rules and no other right. */
  as(name: string, rules: readonly object[]): Promise<Cluster>;
  create(path: string, body: object): Promise<unknown>;
}

const kubeconfig = process.env["KERUTA_TEST_KUBECONFIG"];
const image = "localhost/keruta-test/busybox:1";
if (kubeconfig === undefined) {
  console.log("left out: the tests on a real cluster (set KERUTA_TEST_KUBECONFIG)");
}

/** The folder of the cluster tool, for tests that crash components. */
export const clusterTool = process.env["KERUTA_TEST_CLUSTER"];

/** Tests on the real cluster; `current` gives it while they run. `crashes`: they need the cluster tool too. */
export function describeReal(
  name: string,
  body: (current: () => RealCluster) => void,
  { crashes = false } = {},
): void {
  // oxlint-disable-next-line vitest/valid-title -- the tests that call this give it
  describe.skipIf(kubeconfig === undefined || (crashes && clusterTool === undefined))(name, () => {
    let opened: Opened | undefined;
    beforeAll(async () => {
      opened = await open(kubeconfig ?? "");
    }, 60_000);
    afterAll(async () => opened?.close());
    body(() => {
      if (opened === undefined) throw new Error("the cluster is there only while tests run");
      return opened.real;
    });
  });
}

interface Opened {
  readonly real: RealCluster;
  close(): Promise<void>;
}

async function open(path: string): Promise<Opened> {
  const { connection, route, contextName, deps } = await connectAsAdmin(path);
  const namespace = `dev-access-${randomBytes(3).toString("hex")}`;
  const place = { contextName, namespace };
  const cluster = createCluster(connection, place, deps);
  const guests: Cluster[] = [];

  const create = async (to: string, body: object) =>
    connection.send({ operation: "prepare", method: "POST", path: to, body });
  const own = `/api/v1/namespaces/${namespace}`;
  await create("/api/v1/namespaces", { metadata: { name: namespace } });
  await untilItTakesPods(connection, own);
  await create(`${own}/pods`, podOf("quiet", "exec sleep 3600"));
  await create(`${own}/pods`, podOf("counter", "i=0; while [ $i -lt 5 ]; do echo line $i; i=$((i+1)); done"));
  await untilStarted(cluster, ["quiet", "counter"]);

  const real: RealCluster = {
    cluster,
    connection,
    kubeconfig: path,
    create,
    async as(name, rules) {
      const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
      const metadata = { name };
      await create(`${own}/serviceaccounts`, { metadata });
      await create(`${rbac}/roles`, { metadata, rules });
      await create(`${rbac}/rolebindings`, {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace }],
      });
      const answer = await create(`${own}/serviceaccounts/${name}/token`, { spec: {} });
      const { token } = (answer as { readonly status: { readonly token: string } }).status;
      const nobody = { headers: {}, certificate: undefined, key: undefined };
      const identity = withAuthorization(nobody, `Bearer ${token}`);
      const guest = createConnection(
        route,
        { identity: () => Promise.resolve(identity), renew: () => false },
        deps,
      );
      const seen = createCluster(guest, place, deps);
      guests.push(seen);
      return seen;
    },
  };

  async function close() {
    await connection.send({ operation: "clean up", method: "DELETE", path: own });
    for (const guest of guests) await guest.close();
    await cluster.close();
  }
  return { real, close };
}

/** No Pod is accepted before the namespace's ServiceAccount is there, which its controller makes a little later. */
async function untilItTakesPods(connection: Connection, path: string): Promise<void> {
  const query = { watch: true, timeoutSeconds: 30, fieldSelector: "metadata.name=default" };
  const request = { operation: "watch", method: "GET", path: `${path}/serviceaccounts`, query } as const;
  for await (const _ of readJsonLines(await connection.open(request))) return;
}

function podOf(name: string, script: string): object {
  return {
    metadata: { name, labels: { app: name } },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "main", image, command: ["sh", "-c", script] }],
    },
  };
}

async function untilStarted(cluster: Cluster, names: readonly string[]): Promise<void> {
  const waiting = new Set(names);
  const found = new AbortController();
  for await (const change of cluster.watch("pods", {}, found.signal)) {
    const pods = change.type === "snapshot" ? change.items : "object" in change ? [change.object] : [];
    for (const { metadata, status } of pods) {
      if (status?.phase !== undefined && status.phase !== "Pending") waiting.delete(metadata.name);
    }
    if (waiting.size === 0) found.abort();
  }
}
