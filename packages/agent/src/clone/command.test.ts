import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createGitServer } from "./git-server.fixture.ts";
import { createTestRepository, gitIn, type TestRepository } from "./repository.fixture.ts";

const main = join(import.meta.dirname, "..", "main.ts");
const secret = "n0t-for-anyones-eyes";
let repository: TestRepository;
let path: string;

beforeEach(() => {
  repository = createTestRepository();
  path = join(repository.root, "work");
});
afterEach(async () => {
  // Nothing that works on this repository may be left.
  if (process.platform === "linux") await vi.waitUntil(() => ourProcesses().length === 0, { timeout: 5000 });
  repository[Symbol.dispose]();
});

interface Agent {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

function start(url: string, ...more: string[]): Agent {
  const args = ["--conditions=keruta-source", main, "clone", "--url", url, "--path", path, ...more];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"], TMPDIR: repository.root },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

test("prints the commit, and the outcome as JSON where asked", async () => {
  const result = join(repository.root, "result");
  const { code, stdout } = await start(repository.origin, "--depth", "1", "--result", result).ended;
  expect([code, stdout]).toEqual([0, `${String(repository.commits[2])}\n`]);
  expect(JSON.parse(readFileSync(result, "utf8"))).toEqual({ failed: false, commit: repository.commits[2] });
  expect(statSync(join(path, "file")).mode & 0o777).toBe(0o664);
});

test.each([
  ["an impossible URL", ["ext::sh -c id"], 3, "cannot|space|transport"],
  ["a local path that is not allowed", ["/srv/x", "--no-local"], 3, "not allowed"],
  ["a server out of reach", ["http://127.0.0.1:1/x", "--timeout", "1s"], 124, "stopped"],
  ["wrong usage", ["/srv/x", "--depth", "-1"], 2, "depth"],
  ["an unknown option", ["/srv/x", "--upload-pack=id"], 2, "upload-pack"],
])("%s ends with its own code and one line that says why", async (_, [url = "", ...more], code, words) => {
  const end = await start(url, ...more).ended;
  expect(end.code).toBe(code);
  expect(end.stderr).toMatch(new RegExp(words));
  expect(end.stderr).not.toContain("    at ");
  expect(end.stdout).toBe("");
});

test("SIGTERM ends git's whole group, and the next clone goes on", async () => {
  await using hanging = await createHangingServer();
  const { child, ended } = start(`${hanging.url}/x`);
  await hanging.reached;
  child.kill("SIGTERM");
  expect((await ended).code).toBe(143);
  expect((await start(repository.origin).ended).code).toBe(0);
});

test.runIf(process.platform === "linux")("a clone that was killed is taken over, and finished", async () => {
  await using hanging = await createHangingServer();
  const first = start(`${hanging.url}/x`);
  await hanging.reached;
  first.child.kill("SIGKILL");
  await first.ended.catch(() => undefined);
  expect(ourProcesses()).not.toEqual([]);
  // The orphan hangs still; whoever comes next ends it.
  expect((await start(repository.origin).ended).code).toBe(0);
});

test.each([1, 2, 4])("killed at its line %i of stderr, a clone is whole after the next", async (line) => {
  for (let index = 0; index < 200; index += 1) {
    writeFileSync(join(repository.origin, `file-${String(index)}`), `${String(index)}\n`.repeat(2000));
  }
  const commit = repository.commit("file", "four");
  const first = start(`file://${repository.origin}`);
  let lines = 0;
  first.child.stderr?.on("data", () => {
    lines += 1;
    if (lines === line) first.child.kill("SIGKILL");
  });
  await first.ended;
  const next = await start(`file://${repository.origin}`).ended;
  expect([next.code, next.stdout.trim()]).toEqual([0, commit]);
  expect(gitIn(path, "status", "--porcelain")).toBe("");
  expect(gitIn(path, "fsck", "--no-dangling")).toBe("");
});

test("two at once in one directory: the second is told who is at work", async () => {
  await using hanging = await createHangingServer();
  const first = start(`${hanging.url}/x`);
  await hanging.reached;
  const second = await start(`${hanging.url}/x`).ended;
  expect([second.code, second.stderr]).toEqual([1, expect.stringContaining("Another clone")]);
  first.child.kill("SIGTERM");
  await first.ended;
});

test.runIf(process.platform === "linux")(
  "no secret is in any process's arguments, nor in what is written",
  async () => {
    await using server = await createGitServer({ root: repository.root, login: `someone:${secret}` });
    const files = join(repository.root, "secret");
    mkdirSync(files);
    writeFileSync(join(files, "username"), "someone");
    writeFileSync(join(files, "password"), secret);
    const seen = new Set<string>();
    const timer = setInterval(() => {
      for (const line of commandLines()) seen.add(line);
    }, 3);
    const end = await start(`${server.url}/origin/.git`, "--secret-dir", files).ended;
    clearInterval(timer);
    expect(end.code).toBe(0);
    const lines = [...seen].join("\n");
    expect(lines).toMatch(/git.*remote-http|git.*ls-remote/);
    expect(lines + end.stderr + readFileSync(join(path, ".git", "config"), "utf8")).not.toContain(secret);
    expect(readdirSync(repository.root).filter((name) => name.startsWith("keruta-clone-"))).toEqual([]);
  },
);

function commandLines(): string[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [readFileSync(`/proc/${name}/cmdline`, "latin1").replaceAll("\0", " ")];
    } catch {
      // Gone in between.
      return [];
    }
  });
}

/** Git and its helpers whose home is this test's. */
function ourProcesses(): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, "latin1").includes(`HOME=${repository.root}/`);
    } catch {
      // Gone in between, or another user's.
      return false;
    }
  });
}

async function createHangingServer() {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    resolve();
  });
  const sockets: { destroy: () => void }[] = [];
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    reached,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
