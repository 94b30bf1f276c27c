import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cloneRepository } from "./clone.ts";
import {
  cloneDependencies,
  cloneRequest,
  createTestRepository,
  type TestRepository,
} from "./repository.fixture.ts";
import { createSshServer, hasSshServer, type SshServer } from "./ssh-server.fixture.ts";

describe.skipIf(!hasSshServer)("over ssh (skipped where there is no sshd)", () => {
  let repository: TestRepository;
  let server: SshServer;
  let url: string;
  let path: string;
  let key: string;
  let knownHosts: string;

  beforeAll(async () => {
    repository = createTestRepository();
    server = await createSshServer(repository.root);
    ({ key, knownHosts } = server);
    url = `${server.url}${repository.origin}`;
    path = join(repository.root, "work");
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    repository[Symbol.dispose]();
  });
  beforeEach(() => {
    rmSync(path, { recursive: true, force: true });
  });

  async function clone(files: Readonly<Record<string, string>> | undefined, to = url) {
    const secretDirectory = join(repository.root, "secret");
    rmSync(secretDirectory, { recursive: true, force: true });
    mkdirSync(secretDirectory);
    for (const [name, value] of Object.entries(files ?? {}))
      writeFileSync(join(secretDirectory, name), value);
    const { deps, lines, waits } = cloneDependencies({
      env: { ...process.env, SSH_AUTH_SOCK: undefined, HOME: repository.root },
      pid: process.pid,
      platform: process.platform,
      kill: (pid, signal) => void process.kill(pid, signal),
      temporaryDirectory: repository.root,
    });
    const secret = files === undefined ? {} : { secretDirectory };
    return { outcome: await cloneRepository(cloneRequest(to, path, secret), deps), lines, waits };
  }

  const done = () => ({ failed: false, commit: repository.commits[2] });

  test("the secret's key and known host are used", async () => {
    expect((await clone({ "ssh-privatekey": key, known_hosts: knownHosts })).outcome).toEqual(done());
  });

  test("a key that was pasted with CR LF and no last newline works", async () => {
    const pasted = key.trimEnd().replaceAll("\n", "\r\n");
    expect((await clone({ "ssh-privatekey": pasted, known_hosts: knownHosts })).outcome).toEqual(done());
  });

  test("without known hosts the server is accepted, and that is said", async () => {
    const { outcome, lines } = await clone({ "ssh-privatekey": key });
    expect(outcome).toEqual(done());
    expect(lines.join("\n")).toContain("accepted unchecked");
  });

  test("a server with another key than the known one is refused, once", async () => {
    const { outcome, waits } = await clone({ "ssh-privatekey": key, known_hosts: server.wrongKnownHosts });
    expect(outcome).toMatchObject({
      category: "task-definition",
      message: expect.stringContaining("Host key verification failed"),
    });
    expect(waits).toEqual([]);
  });

  test("a key that the server does not know fails once, as the task's fault", async () => {
    const files = { "ssh-privatekey": server.strangersKey, known_hosts: knownHosts };
    const { outcome, waits } = await clone(files);
    expect(outcome).toMatchObject({
      category: "task-definition",
      message: expect.stringContaining("Permission denied"),
    });
    expect(waits).toEqual([]);
  });

  test("nobody who listens is tried again", async () => {
    const dead = `ssh://git@127.0.0.1:1/x`;
    const { outcome, waits } = await clone({ "ssh-privatekey": key, known_hosts: knownHosts }, dead);
    expect(outcome).toMatchObject({
      category: "start",
      message: expect.stringContaining("Connection refused"),
    });
    expect(waits).toHaveLength(2);
  });

  test("without a secret an unknown server is not accepted, nor asked about", async () => {
    const { outcome } = await clone(undefined);
    expect(outcome).toMatchObject({
      category: "task-definition",
      message: expect.stringContaining("Host key verification failed"),
    });
  });
});
