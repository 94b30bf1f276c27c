import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cloneRepository, type CloneRequest } from "./clone.ts";
import { createGitServer, type GitServerOptions } from "./git-server.fixture.ts";
import {
  cloneDependencies,
  cloneRequest,
  createTestRepository,
  type TestRepository,
} from "./repository.fixture.ts";

const secret = "s3cr3t/pass+word";
let repository: TestRepository;

beforeEach(() => {
  repository = createTestRepository();
});
afterEach(() => {
  repository[Symbol.dispose]();
});

const serve = (options: Partial<GitServerOptions> = {}) =>
  createGitServer({ root: repository.root, ...options });

async function clone(url: string, more: Partial<CloneRequest> = {}) {
  const { deps, lines, waits } = cloneDependencies({
    env: process.env,
    pid: process.pid,
    platform: process.platform,
    kill: (pid, signal) => void process.kill(pid, signal),
    temporaryDirectory: repository.root,
  });
  const path = join(repository.root, "work");
  const outcome = await cloneRepository(cloneRequest(url, path, more), deps);
  return { outcome, lines, waits, path };
}

function secretDirectory(files: Readonly<Record<string, string>>): string {
  const path = join(repository.root, "secret");
  mkdirSync(path);
  for (const [name, value] of Object.entries(files)) writeFileSync(join(path, name), value);
  return path;
}

const done = () => ({ failed: false, commit: repository.commits[2] });

test("a public repository is cloned, whole or shallow", async () => {
  await using server = await serve({ protocol2: true });
  expect((await clone(`${server.url}/origin/.git`, { depth: 1 })).outcome).toEqual(done());
  expect((await clone(`${server.url}/origin/.git`)).outcome).toEqual(done());
});

test("where the server hands out no single commits the whole history is fetched", async () => {
  await using server = await serve();
  repository.commit("file", "four");
  const { outcome, lines } = await clone(`${server.url}/origin/.git`, {
    ref: repository.commits[2],
    depth: 1,
  });
  expect(outcome).toEqual(done());
  expect(lines.join("\n")).toContain("whole history");
});

test("a commit that is there already needs no server", async () => {
  const server = await serve();
  const url = `${server.url}/origin/.git`;
  await clone(url);
  await server[Symbol.asyncDispose]();
  expect((await clone(url, { ref: repository.commits[1] })).outcome.failed).toBe(false);
});

describe("credentials", () => {
  test.each([
    ["username and password", { username: "user\n", password: `${secret}\n` }, `user:${secret}`],
    ["a token", { token: secret }, `x-access-token:${secret}`],
    ["a token with a name", { token: secret, username: "oauth2" }, `oauth2:${secret}`],
  ])("%s come from the secret's files", async (_, files, login) => {
    await using server = await serve({ login });
    const { outcome, path, lines } = await clone(`${server.url}/origin/.git`, {
      secretDirectory: secretDirectory(files),
    });
    expect(outcome).toEqual(done());
    expect(readFileSync(join(path, ".git", "config"), "utf8") + lines.join("\n")).not.toContain(secret);
    expect(readdirSync(repository.root).filter((name) => name.startsWith("keruta-clone-"))).toEqual([]);
  });

  test.each([
    [`user:${encodeURIComponent(secret)}`, `user:${secret}`],
    [encodeURIComponent(secret), `x-access-token:${secret}`],
  ])("in the URL (%s@) are used, warned about and kept nowhere", async (userinfo, login) => {
    await using server = await serve({ login });
    const url = `${server.url}/origin/.git`.replace("://", `://${userinfo}@`);
    const { outcome, path, lines } = await clone(url);
    expect(outcome).toEqual(done());
    expect(lines.join("\n")).toContain("credentials in it");
    const kept = filesUnder(join(path, ".git")).join("\n");
    for (const form of [secret, encodeURIComponent(secret)])
      expect(kept + lines.join("\n")).not.toContain(form);
  });

  test("that are wrong fail at once, as the task's fault, unseen", async () => {
    await using server = await serve({ login: "user:right" });
    const files = secretDirectory({ username: "user", password: secret });
    const { outcome, waits, lines } = await clone(`${server.url}/origin/.git`, { secretDirectory: files });
    expect(outcome).toMatchObject({
      category: "task-definition",
      message: expect.stringContaining("Authentication failed"),
    });
    expect(waits).toEqual([]);
    expect(JSON.stringify([outcome, lines])).not.toContain(secret);
  });

  test("that are missing fail at once, with no question", async () => {
    await using server = await serve({ login: "user:right" });
    const { outcome, waits } = await clone(`${server.url}/origin/.git`);
    expect(outcome).toMatchObject({
      category: "task-definition",
      message: expect.stringContaining("could not read Username"),
    });
    expect(waits).toEqual([]);
  });

  test("are not given to a host that the server redirects to", async () => {
    await using thief = await serve({ login: "nobody:knows" });
    await using server = await serve({ redirectTo: () => thief.url });
    const files = secretDirectory({ username: "user", password: secret });
    const { outcome } = await clone(`${server.url}/origin/.git`, { secretDirectory: files });
    expect(outcome.failed).toBe(true);
    expect(thief.requests).not.toEqual([]);
    expect(thief.logins).toEqual([]);
  });

  test("a secret without any known key is refused by name", async () => {
    const { outcome } = await clone("http://127.0.0.1:1/x", {
      secretDirectory: secretDirectory({ "tls.crt": "x" }),
    });
    expect(outcome).toMatchObject({
      category: "task-definition",
      message: expect.stringContaining("ssh-privatekey"),
    });
  });
});

describe("a network that fails", () => {
  test.each([[[503, 503]], [["cut", "cut"] as const], [[500, "cut"] as const]])(
    "twice (%j) and then works is not seen",
    async (failures) => {
      await using server = await serve({ failures: [...failures] });
      const { outcome, waits, lines } = await clone(`${server.url}/origin/.git`);
      expect(outcome).toEqual(done());
      expect(waits).toEqual([2000, 8000]);
      expect(lines.join("\n")).toContain("trying again in 2 s");
    },
  );

  test("in the middle of the fetch is tried again", async () => {
    await using server = await serve({ failures: [] });
    await using flaky = await createFlakyFetch(server.url);
    const { outcome, waits } = await clone(`${flaky.url}/origin/.git`);
    expect([outcome, waits]).toEqual([done(), [2000]]);
  });

  test("three times is given up, in git's words, and may be tried again", async () => {
    await using server = await serve({ failures: [503, 503, 503, 503] });
    const { outcome } = await clone(`${server.url}/origin/.git`);
    expect(outcome).toMatchObject({
      category: "start",
      exitCode: 128,
      message: expect.stringContaining("503"),
    });
    expect(server.requests).toHaveLength(3);
  });

  test("because nobody listens is named", async () => {
    const { outcome, waits } = await clone("http://127.0.0.1:1/x");
    expect(outcome).toMatchObject({ category: "start", message: expect.stringMatching(/connect/i) });
    expect(waits).toHaveLength(2);
  });
});

test("a repository that is not there is not tried again", async () => {
  await using server = await serve();
  const { outcome, waits } = await clone(`${server.url}/nowhere.git`);
  expect(outcome).toMatchObject({
    category: "task-definition",
    message: expect.stringContaining("not found"),
  });
  expect(waits).toEqual([]);
});

test("a submodule cannot read repositories of this machine", async () => {
  await using server = await serve();
  repository.git("submodule", "--quiet", "add", repository.origin, "inside");
  repository.commit("file", "four");
  const { outcome } = await clone(`${server.url}/origin/.git`, { submodules: true });
  expect(outcome).toMatchObject({
    category: "task-definition",
    message: expect.stringContaining("not allowed"),
  });
});

/** Passes everything on, but breaks the first fetch of a pack. */
async function createFlakyFetch(target: string) {
  const { createServer, request } = await import("node:http");
  let broken = false;
  const server = createServer((from, to) => {
    if (from.method === "POST" && !broken) {
      broken = true;
      to.writeHead(200, { "content-type": "application/x-git-upload-pack-result", "content-length": "9999" });
      to.write("0008NAK\n", () => from.socket.destroy());
      return;
    }
    from.pipe(
      request(`${target}${from.url ?? ""}`, { method: from.method, headers: from.headers }, (answer) => {
        to.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(to);
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? String(address.port) : ""}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}
