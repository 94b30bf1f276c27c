import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";

const program = ["/usr/sbin/sshd", "/usr/bin/sshd", "/opt/homebrew/sbin/sshd"].find((path) =>
  existsSync(path),
);

export const hasSshServer = program !== undefined;

export interface SshServer extends AsyncDisposable {
  readonly port: number;
  /** Without a path. */
  readonly url: string;
  /** A private key that the server knows. */
  readonly key: string;
  /** One that it does not know. */
  readonly strangersKey: string;
  /** The line of known_hosts for it, and one with another key for the same place. */
  readonly knownHosts: string;
  readonly wrongKnownHosts: string;
}

/** A real sshd that lets this user in by one key. Its keys and configuration lie in `directory`. */
export async function createSshServer(directory: string, address = "127.0.0.1"): Promise<SshServer> {
  const at = (name: string) => join(directory, name);
  for (const name of ["host", "user", "stranger"]) {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(name)]);
  }
  const port = await freePort(address);
  const knownAs = (name: string) => `[${address}]:${String(port)} ${readFileSync(at(`${name}.pub`), "utf8")}`;
  // Root's sshd wants a directory that a system's service would have made.
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });
  writeFileSync(
    at("sshd_config"),
    [
      `ListenAddress ${address}:${String(port)}`,
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
  const server = spawn(program ?? "sshd", ["-D", "-e", "-f", at("sshd_config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve, reject) => {
    server.once("exit", (code) => {
      reject(new Error(`sshd ended with ${String(code)}`));
    });
    server.stderr.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("listening")) resolve();
    });
  });
  return {
    port,
    url: `ssh://${userInfo().username}@${address}:${String(port)}`,
    key: readFileSync(at("user"), "utf8"),
    strangersKey: readFileSync(at("stranger"), "utf8"),
    knownHosts: knownAs("host"),
    wrongKnownHosts: knownAs("stranger"),
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill();
      await ended;
    },
  };
}

async function freePort(address: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
