import { readFileSync } from "node:fs";
import { mkdir, stat, watch, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createHost } from "../compose/host.ts";
import { openBench, type AgentRun, type Bench } from "../run/agent.fixture.ts";
import { sidecar } from "./sidecar.ts";

let bench: Bench;
let artifacts: string;
let server: Server;
let requests: string[];
let answers: (() => { status: number; body: unknown } | "cut")[];
let bodies: Buffer[];
beforeEach(async () => {
  bench = await openBench(process);
  artifacts = join(bench.runDirectory, "artifacts");
  await mkdir(artifacts, { recursive: true });
  [requests, answers, bodies] = [[], [], []];
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await bench.close();
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  requests.push(`${String(request.method)} ${String(request.url)} ${String(request.headers.authorization)}`);
  const answer = answers.shift()?.() ?? { status: 500, body: {} };
  if (answer === "cut") {
    request.destroy();
    return;
  }
  bodies.push(await buffer(request));
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer.body));
}

const start = { taken: null, from: 0, offset: 0, maxBytes: 1e9, maxTotalBytes: 1e9 };
const summary = { status: "Collected", files: 1, bytes: 2, message: "" };
const ok = (body: unknown) => () => ({ status: 200, body });
const refusal = (status: number, code: string, details = {}) => {
  const body = { error: { code, message: `no: ${code}`, details } };
  return () => ({ status, body });
};
const path = "/api/tasks/t234567abc/attempts/1/artifacts";

function sidecarArguments(): string[] {
  const { port } = server.address() as AddressInfo;
  const place = [
    "--run-dir",
    bench.runDirectory,
    "--workspace",
    bench.directory,
    "--artifacts-dir",
    artifacts,
  ];
  return [...place, "--upload-to", `http://127.0.0.1:${String(port)}`, "--task-id", "t234567abc"];
}

/** From the main container's end to the sidecar's. */
async function runSidecar(...options: string[]): Promise<AgentRun> {
  const events = watch(bench.runDirectory);
  const started = bench.start({
    subcommand: ["sidecar", ...sidecarArguments(), ...options],
    env: { KERUTA_API_TOKEN: "krt_own" },
  });
  for await (const { filename } of events) if (filename === "sidecar.sock") break;
  started.child.kill("SIGTERM");
  return await started.done;
}

test("it brings what the command left to the server, and ends without a driver", async () => {
  await bench.run({ sh: `echo x > ${artifacts}/report` });
  answers = [ok(start), ok(summary)];
  const run = await runSidecar();
  expect([run.code, run.wire.toString()]).toEqual([
    0,
    expect.stringContaining("Collected, 1 files, 2 bytes"),
  ]);
  expect(requests).toEqual([`POST ${path} Bearer krt_own`, `PUT ${path}?from=0&offset=0 Bearer krt_own`]);
  expect(bodies[1]?.includes("report")).toBe(true);
});

test("after a cut it asks where to go on, and leaves out what is there", async () => {
  await bench.run({ sh: `echo x > ${artifacts}/a; echo y > ${artifacts}/b` });
  answers = [ok(start), () => "cut", ok({ ...start, from: 1 }), ok(summary)];
  expect((await runSidecar()).code).toBe(0);
  expect(requests.map((one) => one.split(" ")[1])).toEqual([
    path,
    `${path}?from=0&offset=0`,
    path,
    `${path}?from=1&offset=0`,
  ]);
  const has = (text: string) => bodies.at(-1)?.includes(text);
  expect([has("x\n\0"), has("y\n\0")]).toEqual([false, true]);
});

test("what the server would refuse for its size is listed, by the smaller limit of the two", async () => {
  await bench.run({ sh: `echo long > ${artifacts}/a; echo y > ${artifacts}/b` });
  answers = [ok({ ...start, maxBytes: 3 }), ok(summary)];
  await runSidecar();
  expect(bodies[1]?.toString("latin1")).toContain('"skipped":"too-large"');
});

test("it does not wait for the end of other containers, which may never come, and stays until then", async () => {
  let terminate: (() => void) | undefined;
  const host = {
    ...createHost(),
    env: { KERUTA_API_TOKEN: "krt_own" },
    onSignal: (_name: NodeJS.Signals, end: () => void) => void (terminate = end),
    print: () => undefined,
  };
  const uploaded = new Promise<void>((resolve) => {
    answers = [
      ok(start),
      () => {
        resolve();
        return { status: 200, body: summary };
      },
    ];
  });
  let isOver = false;
  const ended = sidecar(sidecarArguments(), host, { look: 5, untold: 50 }).finally(() => (isOver = true));
  await bench.run({ sh: `echo x > ${artifacts}/report` });
  await uploaded;
  expect([isOver, requests.length]).toEqual([false, 2]);
  terminate?.();
  expect([await ended, requests.length]).toEqual([0, 2]);
});

test("an upload that was taken already is not sent again", async () => {
  await bench.run({ sh: `echo x > ${artifacts}/a` });
  answers = [ok({ ...start, taken: summary })];
  expect((await runSidecar()).code).toBe(0);
  expect(requests).toHaveLength(1);
});

test.each([
  [401, "KRT_SERVER_UNAUTHORIZED"],
  [409, "KRT_ATTEMPT_SETTLED"],
  [409, "KRT_STATUS_CONFLICT"],
])("it gives up at once where the server answers %i %s, and says why", async (status, code) => {
  await bench.run({ sh: `echo x > ${artifacts}/a` });
  answers = [refusal(status, code)];
  const run = await runSidecar();
  expect([run.code, run.wire.toString()]).toEqual([0, expect.stringContaining(`not uploaded: no: ${code}`)]);
});

test("it tries for the grace and no longer", async () => {
  await bench.run({ sh: `echo x > ${artifacts}/a` });
  const run = await runSidecar("--grace", "1200ms");
  expect([run.code, run.wire.toString()]).toEqual([0, expect.stringContaining("not uploaded")]);
  expect(requests.length).toBeGreaterThan(1);
});

test("it asks nothing where there is nothing to upload, and uploads nothing where nothing can be known", async () => {
  await bench.run({ sh: "true" });
  expect((await runSidecar()).wire.toString()).toBe("");
  expect(requests).toEqual([]);
});

test("where the agent was killed it uploads even nothing, since a driver waits for it", async () => {
  await writeFile(join(bench.runDirectory, "start.json"), "{}");
  answers = [ok(start), ok({ ...summary, files: 0 })];
  const run = await runSidecar("--grace", "10s");
  expect(run.wire.toString()).toContain("0 files");
});

test("the token that the agent traded is the one that counts, unless the command left something else there", async () => {
  await bench.run({ sh: `echo x > ${artifacts}/a` });
  await writeFile(join(bench.runDirectory, "api-token"), "krt_traded\n");
  answers = [ok({ ...start, taken: summary })];
  await runSidecar();
  await writeFile(join(bench.runDirectory, "api-token"), "a b\r\nX: y");
  answers = [ok({ ...start, taken: summary })];
  await runSidecar();
  expect(requests.map((one) => one.split(" ")[3])).toEqual(["krt_traded", "krt_own"]);
});

test("a traded token is kept for the sidecar, for nobody else's eyes", async () => {
  const forbidden = refusal(403, "KRT_SERVER_FORBIDDEN", { attempt: null });
  answers = [forbidden, ok({ token: "krt_mine" }), ok({ sequence: 0 })];
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${String(port)}`;
  await bench.run({
    args: ["--api-url", url, "--report-wait", "1s"],
    env: { KERUTA_API_TOKEN: "krt_shared" },
    sh: "sleep 0.3",
  });
  const file = join(bench.runDirectory, "api-token");
  expect(readFileSync(file, "utf8")).toBe("krt_mine");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
