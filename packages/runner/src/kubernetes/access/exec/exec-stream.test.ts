import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import type { Cluster, Exec } from "../../../cluster/cluster.ts";
import { execToEnd } from "../../../cluster/index.ts";
import { clusterAt, createTestDeps, failureOf, readAll, type TestDeps } from "../access.harness.ts";

/** The server's side of one exec at a time; the protocol's real side is tested in exec.real.test.ts. */
let protocol = "v5.channel.k8s.io";
let serve: (socket: WebSocket) => void = () => undefined;
const http = createServer((_, response) => response.writeHead(403).end("no"));
const sockets = new WebSocketServer({ server: http, handleProtocols: () => protocol });
sockets.on("connection", (socket) => serve(socket));
let deps: TestDeps;
let cluster: Cluster;

beforeEach(async () => {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  deps = createTestDeps(100);
  const { port } = http.address() as AddressInfo;
  cluster = clusterAt(`http://127.0.0.1:${String(port)}`, deps);
  protocol = "v5.channel.k8s.io";
});

afterEach(async () => {
  for (const socket of sockets.clients) socket.terminate();
  await new Promise((resolve) => http.close(resolve));
  await sleep(20);
  deps.verify();
});

const options = { pod: "p", container: "c", command: ["x"], stdin: true };
const message = (channel: number, text: string | Buffer) =>
  Buffer.concat([Buffer.of(channel), Buffer.from(text)]);
const success = message(3, '{"metadata":{},"status":"Success"}');

async function started(play: (socket: WebSocket) => void, signal?: AbortSignal): Promise<Exec> {
  serve = play;
  return cluster.exec(options, signal);
}

test("output, errors and the exit code come apart", async () => {
  serve = (socket) => {
    socket.send(message(1, "out"));
    socket.send(message(2, "err"));
    const causes = [{ reason: "ExitCode", message: "137" }];
    const failure = { metadata: {}, status: "Failure", reason: "NonZeroExitCode", details: { causes } };
    socket.send(message(3, JSON.stringify(failure)));
    socket.close();
  };
  const result = await execToEnd(cluster, { ...options, maxBytes: 100 });
  expect(result).toEqual({ exitCode: 137, stdout: Buffer.from("out"), stderr: "err" });
});

test.each([
  ["closed cleanly", (socket: WebSocket) => socket.close(1000)],
  ["cut", (socket: WebSocket) => socket.terminate()],
])("a connection %s without a status is no exit code", async (_, end) => {
  const exec = await started((socket) => socket.send(message(1, "half"), () => end(socket)));
  expect(await failureOf(readAll(exec.stdout))).toMatchObject({ code: "KRT_CLUSTER_CUT" });
  expect(await failureOf(exec.exitCode)).toMatchObject({ code: "KRT_CLUSTER_CUT" });
});

test("what the server says instead of an exit code is the error", async () => {
  const said = { metadata: {}, status: "Failure", message: "container not found", code: 500 };
  const exec = await started((socket) => socket.send(message(3, JSON.stringify(said))));
  expect(await readAll(exec.stdout)).toBe("");
  expect(await failureOf(exec.exitCode)).toMatchObject({ code: "KRT_CLUSTER_REFUSED" });
});

test("a server that stops answering pings is given up", async () => {
  // Its socket is paused, so it neither reads nor answers.
  const exec = await started((socket) => socket.pause());
  expect(await failureOf(readAll(exec.stdout))).toMatchObject({ code: "KRT_CLUSTER_CUT" });
});

test("a slow reader is not taken for a dead server", async () => {
  const exec = await started((socket) => {
    for (let n = 0; n < 400; n++) socket.send(message(1, Buffer.alloc(32_768)));
    socket.send(success);
  });
  let bytes = 0;
  for await (const chunk of exec.stdout) {
    // Longer than three pings at a hundred times the speed.
    if (bytes === 0) await sleep(900);
    bytes += chunk.length;
  }
  expect(bytes).toBe(400 * 32_768);
  expect(await exec.exitCode).toBe(0);
});

test("the server cannot send on while nobody reads", async () => {
  let socket: WebSocket | undefined;
  const exec = await started((opened) => {
    socket = opened;
    for (let n = 0; n < 2000; n++) opened.send(message(1, Buffer.alloc(32_768)));
    opened.send(success);
  });
  await sleep(300);
  // 64 MB were sent; the kernel's buffers and ours hold a few of them.
  expect(socket?.bufferedAmount).toBeGreaterThan(40_000_000);
  expect((await readAll(exec.stdout)).length).toBe(2000 * 32_768);
});

test("leaving stdout early cuts the connection", async () => {
  const closed = Promise.withResolvers<void>();
  const exec = await started((socket) => {
    socket.once("close", () => closed.resolve());
    for (let n = 0; n < 2000; n++) socket.send(message(1, Buffer.alloc(32_768)));
  });
  for await (const chunk of exec.stdout) if (chunk.length > 0) break;
  await closed.promise;
  expect(await failureOf(exec.exitCode)).toMatchObject({ code: "KRT_CLUSTER_CUT" });
});

test("the signal ends it, with its own reason", async () => {
  const end = new AbortController();
  const exec = await started(() => undefined, end.signal);
  const reading = failureOf(readAll(exec.stdout));
  end.abort(new Error("enough"));
  expect(await reading).toMatchObject({ message: "enough" });
  expect(await failureOf(exec.exitCode)).toMatchObject({ message: "enough" });
  expect(await failureOf(cluster.exec(options, end.signal))).toMatchObject({ message: "enough" });
});

test("an exec that ends before anybody reads it tells its reader, and nobody else", async () => {
  const end = new AbortController();
  const exec = await started(() => undefined, end.signal);
  end.abort(new Error("enough"));
  await sleep(20);
  expect(await failureOf(readAll(exec.stdout))).toMatchObject({ message: "enough" });
});

test("stdin is sent and closed by v5", async () => {
  const got: string[] = [];
  const exec = await started((socket) =>
    socket.on("message", (data: Buffer) => {
      got.push(data.toString("latin1"));
      if (data[0] === 255) socket.send(success);
    }),
  );
  await exec.stdin.write(Buffer.from("ok\n"));
  await exec.stdin.end();
  await readAll(exec.stdout);
  expect(got).toEqual(["\0ok\n", "\xff\0"]);
  expect(await failureOf(exec.stdin.write(Buffer.from("more")))).toMatchObject({ code: "KRT_CLUSTER_CUT" });
});

test("v4 has no way to close stdin and says so", async () => {
  protocol = "v4.channel.k8s.io";
  const exec = await started((socket) => socket.on("message", () => socket.send(success)));
  expect(await failureOf(exec.stdin.end())).toMatchObject({ code: "KRT_CLUSTER_REFUSED" });
  await exec.stdin.write(Buffer.from("ok\n"));
  expect(await readAll(exec.stdout)).toBe("");
  expect(await exec.exitCode).toBe(0);
});

test("stderr keeps its last 8 KiB", async () => {
  const exec = await started((socket) => {
    for (let n = 0; n < 10; n++) socket.send(message(2, String(n).repeat(4096)));
    socket.send(success);
  });
  await readAll(exec.stdout);
  expect(exec.stderr()).toBe("8".repeat(4096) + "9".repeat(4096));
});
