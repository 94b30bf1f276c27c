import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGitServer, type GitServer } from "../../packages/agent/src/clone/git-server.fixture.ts";
import {
  createTestRepository,
  gitIn,
  type TestRepository,
} from "../../packages/agent/src/clone/repository.fixture.ts";
import { createSshServer, type SshServer } from "../../packages/agent/src/clone/ssh-server.fixture.ts";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { eventually, show, submit } from "./submitted.ts";

/** Where Pods of the cluster tool's cluster reach the machine of the tests. */
const address = "10.88.0.1";
const login = "builder:s3cr3t/pass+word";

describe.runIf(process.env["KERUTA_TEST_CLUSTER"] !== undefined)("a repository", () => {
  let repository: TestRepository;
  let open: GitServer;
  let guarded: GitServer;
  let ssh: SshServer;
  let keys: string;
  let cluster: ClusterSandbox;

  beforeAll(async () => {
    repository = createTestRepository();
    const inner = createTestRepository("inner");
    gitIn(repository.origin, "submodule", "--quiet", "add", inner.origin, "inner");
    gitIn(repository.origin, "commit", "--quiet", "--message", "with a submodule");
    inner[Symbol.dispose]();
    open = await createGitServer({ root: repository.root, address });
    guarded = await createGitServer({ root: repository.root, address, login });
    keys = await mkdtemp(join(tmpdir(), "keruta-ssh-"));
    ssh = await createSshServer(keys, address);
    cluster = await createClusterSandbox();
    const [username, password] = login.split(":");
    await secret("login", { username: username ?? "", password: password ?? "" });
    await secret("wrong-login", { username: username ?? "", password: "guessed" });
    await secret("deploy-key", { "ssh-privatekey": ssh.key, known_hosts: ssh.knownHosts });
  }, 60_000);
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await ssh[Symbol.asyncDispose]();
    await guarded[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
    repository[Symbol.dispose]();
    await rm(keys, { recursive: true });
  });

  const secret = async (name: string, stringData: Readonly<Record<string, string>>) =>
    cluster.apply({ apiVersion: "v1", kind: "Secret", metadata: { name }, stringData });
  const run = async (spec: Readonly<Record<string, unknown>>) => (await submit(cluster, spec)).ended;
  const script = (text: string) => ({ command: ["sh", "-c", text] });
  const cat = script("pwd; cat file; echo; echo more >> file");

  test.concurrent.each([
    ["whole", {}, "three"],
    ["at a branch", { ref: "topic" }, "two"],
    ["at a tag, shallow", { ref: "v1", depth: 1 }, "one"],
  ])("is cloned %s over http, and the command can write it", async (_, more, content) => {
    const url = `${open.url}/origin/.git`;
    const ended = await run({ ...cat, repository: { url, ...more } });
    expect([ended.code, ended.stdout.toString()]).toEqual([0, `/workspace\n${content}\n`]);
  });

  test.concurrent("is cloned at a commit, by another user into another place", async () => {
    const [first] = repository.commits;
    const repositorySpec = { url: `${open.url}/origin/.git`, ref: first, path: "/src" };
    const ended = await run({ ...cat, repository: repositorySpec, runAsUser: 1234, runAsGroup: 1234 });
    expect([ended.code, ended.stdout.toString()]).toEqual([0, "/src\none\n"]);
  });

  test.concurrent("that asks for a login gets it from the Secret, and nobody reads it", async () => {
    const url = `${guarded.url}/origin/.git`;
    const submitted = await submit(cluster, {
      ...script("cat file; git config --list 2>&1; env"),
      image: "localhost/keruta-test/git:1",
      repository: { url, secret: "login" },
    });
    const ended = await submitted.ended;
    expect([ended.code, ended.stdout.toString()]).toEqual([0, expect.stringContaining("three")]);
    expect(`${ended.stdout.toString()}${ended.stderr}`).not.toContain("s3cr3t");
    expect(guarded.logins).toContain(login);
  });

  test.concurrent("over ssh takes key and known host from the Secret", async () => {
    const url = `${ssh.url}${repository.origin}`;
    const ended = await run({ ...cat, repository: { url, secret: "deploy-key" } });
    expect([ended.code, ended.stdout.toString()]).toEqual([0, "/workspace\nthree\n"]);
  });

  test.concurrent.each([
    [
      "a wrong password",
      () => guarded.url,
      { secret: "wrong-login" },
      /Authentication failed|could not read/,
    ],
    ["no login", () => guarded.url, {}, /could not read Username|Authentication failed/],
    ["a branch that is not there", () => open.url, { ref: "nowhere" }, /nowhere/],
  ])(
    "that cannot be had for %s is CloneFailed with git's words; nothing starts",
    async (_, url, more, words) => {
      const submitted = await submit(cluster, {
        ...script("echo started"),
        repository: { url: `${url()}/origin/.git`, ...more },
        retry: { attempts: 1 },
      });
      const ended = await submitted.ended;
      expect([ended.code, ended.stdout.toString()]).toEqual([125, ""]);
      expect(ended.lastWord).toMatch(/CloneFailed/);
      expect(ended.lastWord).toMatch(words);
      expect((await show(cluster, await submitted.id())).attempts).toMatchObject([
        { reason: "CloneFailed", category: "task-definition", exitCode: null },
      ]);
    },
  );

  test.concurrent("has artifacts in a volume that is mounted inside it", async () => {
    const submitted = await submit(cluster, {
      ...script("echo a > out/a; echo b > out/b; keruta-agent artifact out/b"),
      repository: { url: `${open.url}/origin/.git` },
      volumes: [{ name: "built", emptyDir: {}, mountPath: "/workspace/out" }],
      artifacts: { paths: ["out/a"], required: true },
    });
    expect((await submitted.ended).code).toBe(0);
    const listed = await cluster.json(["artifacts", "list", await submitted.id()]);
    expect(listed).toMatchObject({ status: "Collected", items: [{ path: "out/a" }, { path: "out/b" }] });
  });

  describe("in a claim", { tags: ["long"] }, () => {
    const volume = { name: "repo", pvc: { claim: "kept", size: "10Mi" }, mountPath: "/workspace" };
    const cached = (text: string, more: Readonly<Record<string, unknown>> = {}) => ({
      ...script(text),
      repository: { url: `${open.url}/origin/.git`, ...more },
      volumes: [volume],
    });

    test("is updated by the next task; untracked files stay unless `clean`", async () => {
      expect((await run(cached("cat file; echo mine > untracked"))).code).toBe(0);
      repository.commit("file", "four");
      const updated = await run(cached("cat file; cat untracked"));
      expect([updated.code, updated.stdout.toString()]).toEqual([0, "fourmine\n"]);
      const cleaned = await run(cached("cat file; ls", { clean: true }));
      expect([cleaned.code, cleaned.stdout.toString()]).toEqual([0, "fourfile\ninner\n"]);
    });

    test("has one writer at a time", async () => {
      const uptime = "cut -d' ' -f1 /proc/uptime";
      const stamps = cached(`${uptime}; sleep 2; ${uptime}`);
      const ended = await Promise.all([run(stamps), run(stamps)]);
      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      const spans = ended.map(({ stdout }) => stdout.toString().trim().split("\n").map(Number));
      const [first = [], second = []] = spans.toSorted(([a = 0], [b = 0]) => a - b);
      expect(second[0]).toBeGreaterThan(first[1] ?? Number.NaN);
    });

    test("is refused where the directory has something else in it", async () => {
      const other = { name: "repo", pvc: { claim: "other", size: "10Mi" }, mountPath: "/workspace" };
      expect((await run({ ...script("echo mine > /workspace/notes"), volumes: [other] })).code).toBe(0);
      const ended = await run({ ...cached("true"), volumes: [other] });
      expect([ended.code, ended.lastWord]).toEqual([125, expect.stringMatching(/CloneFailed.*not empty/)]);
    });
  });

  test("in a claim of the task's own goes with the task, over its attempts", async () => {
    const volumes = [{ name: "mine", pvc: { size: "10Mi" }, mountPath: "/data" }];
    const text = "test -e /data/first && exit 0; touch /data/first; exit 9";
    const submitted = await submit(cluster, {
      ...script(text),
      volumes,
      retry: { attempts: 2, on: [9], backoff: "1s" },
    });
    expect((await submitted.ended).code).toBe(0);
    const id = await submitted.id();
    expect((await show(cluster, id)).attempts.map(({ exitCode }) => exitCode)).toEqual([9, 0]);
    await eventually(async () => {
      const names = await cluster.kubectl("get", "pvc", "-l", `keruta.dev/task-id=${id}`, "-o", "name");
      return names === "" ? true : undefined;
    });
  });

  test("in a claim that is retained stays", async () => {
    const volumes = [{ name: "mine", pvc: { size: "10Mi", retain: true }, mountPath: "/data" }];
    const submitted = await submit(cluster, { ...script("true"), volumes });
    expect((await submitted.ended).code).toBe(0);
    const claim = `keruta-${await submitted.id()}-mine`;
    expect(await cluster.kubectl("get", "pvc", claim, "-o", "jsonpath={.metadata.deletionTimestamp}")).toBe(
      "",
    );
  });
});
