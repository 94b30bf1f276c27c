import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDeps, failureOf, type TestDeps } from "./access.harness.ts";
import { json, startFakeApiServer, status, type Answer, type FakeApiServer } from "./fake-api-server.ts";
import { openCluster, type OpenClusterOptions } from "./open-cluster.ts";

let directory: string;
let server: FakeApiServer;
let deps: TestDeps;
let authorized: (string | undefined)[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  server = await startFakeApiServer();
  deps = createTestDeps(1, { PATH: "/usr/bin:/bin" });
  authorized = [];
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
  server.verify();
});

async function write(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

const configOf = (user: string) => `
current-context: first
contexts:
- { name: first, context: { cluster: here, user: me, namespace: mine } }
- { name: second, context: { cluster: here, user: me } }
- { name: broken, context: { cluster: nowhere, user: me } }
clusters:
- { name: here, cluster: { server: "${server.url}/prefix/" } }
users:
- name: me
  user: ${user}
`;

async function open(paths: readonly string[], options: Partial<OpenClusterOptions> = {}) {
  const kubeconfig = { from: "flag", paths, mayMiss: paths.length > 1 } as const;
  return openCluster({ kubeconfig, context: undefined, namespace: undefined, ...options }, deps);
}

const answers: Answer = (request, response, url) => {
  authorized.push(request.headers.authorization);
  json({ gitVersion: "v1.35.4" })(request, response, url);
};
const refuses: Answer = (request, response, url) => {
  authorized.push(request.headers.authorization);
  json(status(401, "Unauthorized", "Unauthorized"), 401)(request, response, url);
};

/** The version, asked by the user of this kubeconfig; the server answers as told. */
async function askAs(user: string, ...told: readonly Answer[]): Promise<string> {
  server.script("GET /version", ...told);
  const cluster = await open([await write("config", configOf(user))]);
  try {
    return await cluster.version();
  } finally {
    await cluster.close();
  }
}

test("context and namespace are the file's own unless others are given", async () => {
  const path = await write("config", configOf("{}"));
  expect(await open([path])).toMatchObject({ contextName: "first", namespace: "mine" });
  expect(await open([path], { context: "second" })).toMatchObject({
    contextName: "second",
    namespace: "default",
  });
  expect(await open([path], { namespace: "other" })).toMatchObject({ namespace: "other" });
});

test("of several files the first one holds, and a missing one of a list is left out", async () => {
  const one = await write("one", "current-context: second\nusers: [{ name: me, user: { token: abc } }]");
  const two = await write("two", configOf("{ token: def }"));
  server.script("GET /version", answers);
  const cluster = await open([one, join(directory, "missing"), two]);
  expect(cluster.contextName).toBe("second");
  expect(await cluster.version()).toBe("v1.35.4");
  await cluster.close();
  expect(authorized).toEqual(["Bearer abc"]);
  expect(server.seen).toEqual(["GET /prefix/version"]);
});

test("a token, and a name with a password", async () => {
  await askAs("{ token: abc }", answers);
  await askAs("{ username: me, password: secret }", answers);
  expect(authorized).toEqual(["Bearer abc", "Basic bWU6c2VjcmV0"]);
});

test("a token file lies beside the kubeconfig and is read again when it is refused", async () => {
  await write("token", "old\n");
  const renewed: Answer = (request, response, url) => {
    void write("token", "new\n").then(() => refuses(request, response, url));
  };
  expect(await askAs("{ tokenFile: token }", renewed, answers)).toBe("v1.35.4");
  expect(authorized).toEqual(["Bearer old", "Bearer new"]);
});

test("a plugin is run once, and again when what it gave is refused or has expired", async () => {
  const script = [
    "#!/bin/sh",
    'echo x >> "$COUNT"',
    'n=$(wc -l < "$COUNT")',
    'case "$KUBERNETES_EXEC_INFO" in *client.authentication.k8s.io/v1*) ;; *) exit 9;; esac',
    'echo "{\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$1$n\\"}}"',
  ];
  await chmod(await write("plugin", script.join("\n")), 0o755);
  const user = `
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./plugin
      args: [t]
      env: [{ name: COUNT, value: "${join(directory, "count")}" }]`;
  expect(await askAs(user, refuses, answers)).toBe("v1.35.4");
  expect(authorized).toEqual(["Bearer t1", "Bearer t2"]);
});

test.each([
  ["is not there", "command: no-such-plugin", "the program is not there"],
  ["fails", "command: sh, args: [-c, 'echo please log in >&2; exit 1']", "please log in"],
  ["prints no JSON", "command: echo, args: [secret]", "it printed no JSON"],
  ["prints no credential", "command: echo, args: ['{}']", "no ExecCredential"],
])("a plugin that %s is named, with its words", async (_, entry, words) => {
  const user = `{ exec: { apiVersion: client.authentication.k8s.io/v1, installHint: get it, ${entry} } }`;
  const error = await failureOf(askAs(user));
  expect(error).toMatchObject({ code: "KRT_KUBECONFIG_INVALID", hint: { en: "get it" } });
  expect(String(error)).toContain(words);
  expect(String(error)).not.toContain("secret");
});

test("a plugin that has worked and then fails is asked again like a cluster that is away", async () => {
  const lines = ["#!/bin/sh", `cd '${directory}'`, "if [ -e away ]; then echo no network >&2; exit 1; fi"];
  const credential = JSON.stringify({ kind: "ExecCredential", status: { token: "t" } });
  const plugin = await write("plugin", [...lines, `echo '${credential}'`].join("\n"));
  await chmod(plugin, 0o755);
  const user = "{ exec: { apiVersion: client.authentication.k8s.io/v1, command: ./plugin } }";
  server.script("GET /version", answers, refuses, answers, refuses);
  const cluster = await open([await write("config", configOf(user))]);
  await cluster.version();
  const away = await write("away", "");
  const failure = await failureOf(cluster.version());
  expect(failure).toMatchObject({ code: "KRT_CLUSTER_UNREACHABLE" });
  expect(String(failure)).toContain("no network");
  await rm(away);
  expect(await cluster.version()).toBe("v1.35.4");

  await rm(plugin);
  expect(await failureOf(cluster.version())).toMatchObject({ code: "KRT_KUBECONFIG_INVALID" });
  await cluster.close();
});

test("an identity token of the old oidc provider is sent by the client library", async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "none" })}.${part({ exp: 4_000_000_000 })}.x`;
  await askAs(`{ auth-provider: { name: oidc, config: { id-token: ${token} } } }`, answers);
  expect(authorized).toEqual([`Bearer ${token}`]);
}, 20_000);

test("a token that is refused for good is told", async () => {
  const error = await failureOf(askAs("{ token: abc }", refuses));
  expect(error).toMatchObject({ code: "KRT_CLUSTER_UNAUTHORIZED" });
  expect(String(error)).not.toContain("abc");
});

test.each([
  ["no context of that name", { context: "third" }, "first, second, broken"],
  ["a context without its cluster", { context: "broken" }, "nowhere"],
])("%s is told with what there is", async (_, options, words) => {
  const error = await failureOf(open([await write("config", configOf("{}"))], options));
  expect(error).toMatchObject({ code: "KRT_KUBECONFIG_INVALID" });
  expect(JSON.stringify(error)).toContain(words);
});

test.each(["users: 7", "- a", "a: [", "users: [{ name: me, user: { token: [secret] } }]"])(
  "%j is no kubeconfig, and nothing of it is quoted",
  async (text) => {
    const error = await failureOf(open([await write("config", text)]));
    expect(error).toMatchObject({ code: "KRT_KUBECONFIG_INVALID" });
    expect(String(error)).not.toContain("secret");
  },
);

test("without any cluster both ways on are named", async () => {
  const nothing = { kubeconfig: undefined, context: undefined, namespace: undefined };
  const error = await failureOf(openCluster(nothing, deps));
  expect(error).toMatchObject({ code: "KRT_CLUSTER_NOT_FOUND" });
  expect(JSON.stringify(error)).toMatch(/--kubeconfig.*--runner local/);
  expect(await failureOf(open([join(directory, "none")]))).toMatchObject({ code: "KRT_CLUSTER_NOT_FOUND" });
});

test("a setting that says in-cluster outside of a Pod is told by its name", async () => {
  const options = { kubeconfig: { from: "in-cluster" }, context: undefined, namespace: undefined } as const;
  expect(String(await failureOf(openCluster(options, deps)))).toContain("keruta.kubernetes.in-cluster");
});
