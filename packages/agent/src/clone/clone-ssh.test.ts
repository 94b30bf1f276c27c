import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cloneRepository } from "./clone.ts";
import {
  cloneDependencies,
  cloneRequest,
  createTestRepository,
  type TestRepository,
} from "./repository.fixture.ts";

const program = ["/usr/sbin/sshd", "/usr/bin/sshd", "/opt/homebrew/sbin/sshd"].find((path) =>
  existsSync(path),
);

describe.skipIf(program === undefined)("over ssh (skipped where there is no sshd)", () => {
  let repository: TestRepository;
  let server: ChildProcess;
  let port: number;
  let url: string;
  let path: string;
  let key: string;
  let knownHosts: string;

  beforeAll(async () => {
    repository = createTestRepository();
    const at = (name: string) => join(repository.root, name);
    for (const name of ["host", "user", "stranger"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(name)]);
    }
    port = await freePort();
    key = readFileSync(at("user"), "utf8");
    knownHosts = `[127.0.0.1]:${String(port)} ${readFileSync(at("host.pub"), "utf8")}`;
    // Root's sshd wants a directory that a system's service would have made.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
    writeFileSync(
      at("sshd_config"),
      [
        `ListenAddress 127.0.0.1:${String(port)}`,
        `HostKey ${at("host")}`,
        `AuthorizedKeysFile ${at("user.pub")}`,
        `PidFile ${at("sshd.pid")}`,
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin yes",
        "",
      ].join("\n"),
    );
    server = spawn(program ?? "", ["-D", "-e", "-f", at("sshd_config")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await new Promise<void>((resolve, reject) => {
      server.once("exit", (code) => {
        reject(new Error(`sshd ended with ${String(code)}`));
      });
      server.stderr?.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes("listening")) resolve();
      });
    });
    url = `ssh://${userInfo().username}@127.0.0.1:${String(port)}${repository.origin}`;
    path = at("work");
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill();
    await ended;
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
    const other = readFileSync(join(repository.root, "stranger.pub"), "utf8");
    const known = `[127.0.0.1]:${String(port)} ${other}`;
    const { outcome, waits } = await clone({ "ssh-privatekey": key, known_hosts: known });
    expect(outcome).toMatchObject({
      category: "task-definition",
      message: expect.stringContaining("Host key verification failed"),
    });
    expect(waits).toEqual([]);
  });

  test("a key that the server does not know fails once, as the task's fault", async () => {
    const stranger = readFileSync(join(repository.root, "stranger"), "utf8");
    const { outcome, waits } = await clone({ "ssh-privatekey": stranger, known_hosts: knownHosts });
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
