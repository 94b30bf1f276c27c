import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A program `SERVICE PORT FOLDER` that is an S3 server with a bucket `keruta`; without one these tests are left out. */
export const s3Service = process.env["KERUTA_TEST_S3"];

export interface S3Server extends AsyncDisposable {
  readonly location: string;
  /** Keys of the bucket's objects. */
  keys(): Promise<readonly string[]>;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

export async function startS3(): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), "keruta-s3-"));
  const port = await freePort();
  let child = await startService(port, folder);
  // The AWS SDK looks for them where its users set them.
  process.env["AWS_ACCESS_KEY_ID"] = "test";
  process.env["AWS_SECRET_ACCESS_KEY"] = "testsecret";
  return {
    location: `s3://keruta/logs?endpoint=http://127.0.0.1:${String(port)}&region=us-east-1`,
    keys: async () => {
      const entries = await readdir(join(folder, "keruta"), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
    goAway: () => end(child),
    comeBack: async () => {
      child = await startService(port, folder);
    },
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(folder, { recursive: true });
    },
  };
}

async function startService(port: number, folder: string): Promise<ChildProcess> {
  const child = spawn(s3Service ?? "", [String(port), folder], { stdio: "ignore" });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the S3 service ended with ${String(child.exitCode)}`);
    if (await answers(port)) return child;
    await pause(20);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
