import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

interface Stored {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

export interface FakeObjects extends AsyncDisposable {
  /** By the path below `namespaces`, such as `builds/secrets/x`. */
  readonly objects: Map<string, Stored>;
  /** Methods that are answered with 403. */
  readonly forbidden: Set<string>;
  /** For KUBECONFIG. */
  readonly kubeconfig: string;
}

/** An API server that keeps what is applied to it, and has every namespace. */
export async function fakeObjects(directory: string, namespace: string): Promise<FakeObjects> {
  const objects = new Map<string, Stored>();
  const forbidden = new Set<string>();
  const server = createServer((request, response) => {
    void answerTo(request).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  const answerTo = async (request: IncomingMessage): Promise<{ status: number; body: object }> => {
    const text = await request.setEncoding("utf8").reduce((all: string, part: string) => all + part, "");
    const { pathname } = new URL(request.url ?? "/", "http://fake");
    const [, path = ""] = pathname.split("/namespaces/");
    const status = (code: number, reason: string) => ({
      status: code,
      body: { kind: "Status", code, reason, message: reason },
    });
    if (forbidden.has(request.method ?? "")) return status(403, "Forbidden");
    if (request.method === "PATCH") objects.set(path, JSON.parse(text) as Stored);
    const found = path.includes("/") ? objects.get(path) : { metadata: { name: path } };
    if (!found) return status(404, "NotFound");
    if (request.method === "DELETE") objects.delete(path);
    return {
      status: 200,
      body: { ...found, metadata: { ...found.metadata, uid: path, resourceVersion: "1" } },
    };
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(directory, "fake-kubeconfig");
  const named = (rest: object) => [{ name: "c", ...rest }];
  await writeFile(
    kubeconfig,
    JSON.stringify({
      "current-context": "c",
      contexts: named({ context: { cluster: "c", user: "c", namespace } }),
      clusters: named({ cluster: { server: `http://127.0.0.1:${String(port)}` } }),
      users: named({ user: {} }),
    }),
    { mode: 0o600 },
  );
  return {
    objects,
    forbidden,
    kubeconfig,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
