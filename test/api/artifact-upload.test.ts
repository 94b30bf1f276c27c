import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAttemptApi } from "../../packages/agent/src/api/attempt-api.ts";
import { parseCollectArguments } from "../../packages/agent/src/arguments/collect-arguments.ts";
import { archiveOf as archiveOfRoots } from "../../packages/agent/src/collect/archive.ts";
import { uploadArtifacts } from "../../packages/agent/src/upload/upload-artifacts.ts";
import {
  archiveOf,
  fileEntry,
  trailerEntry,
  trailerFile,
} from "../../packages/runner/src/artifacts/fixtures/collection.fixture.ts";
import { endOfTar } from "../../packages/runner/src/artifacts/fixtures/tar.fixture.ts";
import { createUploads } from "../../packages/server/src/uploads/index.ts";
import { archiveType, type UploadStart } from "../../packages/shared/src/api/index.ts";
import {
  effectiveSettings,
  KerutaError,
  type ArtifactSummary,
} from "../../packages/shared/src/domain/index.ts";
import type { Claim } from "../../packages/shared/src/queue/index.ts";
import { claimed, newTask, resultOf } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

let directory: string;
let store: string;
let api: ApiHarness;
let claim: Claim;
let token: string;
let id: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keruta-upload-"));
  store = join(directory, "store");
  api = await openApiHarness(await openSqliteHarness(), { artifactRoot: store });
  await api.store.queue.writeSettings({ "keruta.artifacts.transport": "api" }, "test");
  const artifacts = { paths: ["out/**"], maxBytes: "20Mi" };
  await api.store.queue.addTask(newTask({ spec: { command: ["x"], artifacts } }));
  claim = await claimed(api.store.queue, api.world.holder(1));
  token = await api.store.queue.makeAgentToken(claim.lease);
  id = claim.task.id;
});
afterEach(async () => {
  await api.dispose();
  await rm(directory, { recursive: true });
});

const path = (attempt = "1") => `/api/tasks/${id}/attempts/${attempt}/artifacts`;
const begin = async () =>
  (await (await api.request(path(), { method: "POST", token })).json()) as UploadStart;
const put = (bytes: Uint8Array, { from = 0, offset = 0, secret = token } = {}) =>
  api.request(`${path()}?from=${String(from)}&offset=${String(offset)}`, {
    method: "PUT",
    token: secret,
    headers: { "content-type": archiveType },
    body: bytes as Uint8Array<ArrayBuffer>,
  });
const bytesOnDisk = async () => {
  const entries = await readdir(join(store, id), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const each = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  return each.reduce((sum, { size }) => sum + size, 0);
};
/** A stream whose connection breaks when so many bytes of it are on the server's disk. */
const putCut = async (bytes: Uint8Array, storedBytes: number) => {
  const headers = { authorization: `Bearer ${token}`, "content-type": archiveType };
  const request = httpRequest(`${api.url}${path()}?from=0&offset=0`, { method: "PUT", headers });
  request.on("error", () => undefined);
  request.write(bytes);
  await expect.poll(bytesOnDisk, { timeout: 10_000 }).toBeGreaterThan(storedBytes);
  request.destroy();
};
const summaryOf = async (answer: Response) => {
  expect(answer.status).toBe(200);
  return (await answer.json()) as ArtifactSummary;
};
const codeOf = async (answer: Response) =>
  [answer.status, ((await answer.json()) as { error: { code: string } }).error.code] as const;
const uploadsOf = (of: Pick<ApiHarness["store"], "queue" | "reports">, idleLimit?: number) =>
  createUploads(
    {
      ...of,
      artifactRoot: () => Promise.resolve(store),
      random: (bytes) => randomBytes(bytes),
      stopping: new AbortController().signal,
    },
    idleLimit,
  );
const stored = (name: string) => join(store, id, "1", name);
const told = async () => (await api.queue.attemptReport(id, 1))?.artifacts;

/** What an agent in a Pod would bring, from a workspace with these files. */
async function agent(files: Readonly<Record<string, Uint8Array>>, change: readonly string[] = []) {
  const workspace = join(directory, "workspace");
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, name)), { recursive: true });
    await writeFile(join(workspace, name), bytes);
  }
  const limits = ["--max-bytes", "1Gi", "--max-total-bytes", "2Gi"];
  const collect = parseCollectArguments([
    "--workspace",
    workspace,
    "--artifact",
    "out/**",
    ...limits,
    ...change,
  ]);
  const attempt = createAttemptApi({ url: api.url, token, taskId: id, attempt: 1, host: { fetch } });
  const upload = () =>
    uploadArtifacts({
      api: attempt,
      collect,
      host: { random: () => 0 },
      signal: AbortSignal.timeout(20_000),
    });
  return { collect, upload };
}

describe("artifacts that an agent uploads", () => {
  test("are there byte for byte, above the bound of other bodies; what is too large is listed", async () => {
    const big = randomBytes(15_000_000);
    const huge = new Uint8Array(21 * 1024 * 1024);
    const { upload } = await agent({ "out/big": big, "out/深い/a": Buffer.from("a"), "out/huge": huge });
    const summary = await upload();
    expect(summary).toMatchObject({ status: "Partial", files: 2, bytes: 15_000_001 });
    expect(await told()).toEqual(summary);
    expect(await api.queue.listArtifacts(id, 1)).toMatchObject([
      { path: "out/big", bytes: 15_000_000, sha256: createHash("sha256").update(big).digest("hex") },
      { path: "out/huge", bytes: huge.length, sha256: null, skipped: "too-large" },
      { path: "out/深い/a", bytes: 1 },
    ]);
    expect(big.equals(await readFile(stored("out/big")))).toBe(true);
    const got = await api.request(`/api/tasks/${id}/artifacts/file?path=out/big`, {
      token: await api.token("viewer", { name: "viewer" }),
    });
    expect(big.equals(Buffer.from(await got.arrayBuffer()))).toBe(true);
    expect(await readdir(join(store, id))).toEqual([".queue", "1"]);
  });

  test("go on inside a file where the connection broke", async () => {
    const files = { "out/a": Buffer.from("first"), "out/b": randomBytes(8_000_000) };
    const { collect, upload } = await agent(files);
    const chunks: Uint8Array[] = [];
    for await (const chunk of archiveOfRoots(collect)) chunks.push(chunk);
    const archive = Buffer.concat(chunks);
    expect(await begin()).toMatchObject({ taken: null, from: 0, offset: 0, maxBytes: 20 * 1024 * 1024 });
    await putCut(archive.subarray(0, 5_000_000), 2_000_000);
    const again = await begin();
    expect(again).toMatchObject({ taken: null, from: 1 });
    expect(again.offset).toBeGreaterThan(1_000_000);
    expect(existsSync(stored("out/a"))).toBe(false);
    expect(await upload()).toMatchObject({ status: "Collected", files: 2, bytes: 8_000_005 });
    expect(files["out/b"].equals(await readFile(stored("out/b")))).toBe(true);
  });

  test("come again from the beginning where another server has begun to receive them", async () => {
    const content = { "out/a": "a", "out/b": randomBytes(3_000_000) };
    await begin();
    await putCut(archiveOf(content).subarray(0, 2_500_000), 2_000_000);
    const here = await begin();
    expect(here.offset).toBeGreaterThan(0);
    await rm(join(store, id), { recursive: true });
    await put(archiveOf(content, here.from), here).catch(() => undefined);
    expect(await begin()).toMatchObject({ taken: null, from: 0, offset: 0 });
    expect(await summaryOf(await put(archiveOf(content)))).toMatchObject({ status: "Collected", files: 2 });
  });

  test("are taken once: the same upload again changes nothing, another one neither", async () => {
    await begin();
    const summary = await summaryOf(await put(archiveOf({ "out/a": "a" })));
    expect(summary).toEqual({ status: "Collected", files: 1, bytes: 1, message: "" });
    expect((await begin()).taken).toEqual(summary);
    expect(await summaryOf(await put(archiveOf({ "out/a": "a" })))).toEqual(summary);
    expect(await summaryOf(await put(archiveOf({ "out/evil": "e" })))).toEqual(summary);
    expect(await readdir(dirname(stored("out/a")))).toEqual(["a"]);
    expect(await (await agent({ "out/a": Buffer.from("b") })).upload()).toEqual(summary);
  });

  test("say Missing where nothing matched", async () => {
    expect(await (await agent({ other: Buffer.from("x") })).upload()).toMatchObject({ status: "Missing" });
    expect(existsSync(join(store, id))).toBe(false);
  });

  const big = Buffer.alloc(21 * 1024 * 1024);
  test.each<[what: string, archive: () => Buffer, why: string]>([
    ["leaves its directory", () => archiveOf({ "../evil": "x" }), ".."],
    ["is absolute", () => archiveOf({ "/etc/passwd": "x" }), "absolute"],
    ["has a twin", () => archiveOf({ "out/A": "x", "out/a": "y" }), "letter case"],
    ["is larger than the task allows", () => archiveOf({ "out/big": big }), "over the limit of 20971520"],
    [
      "is not what its digest says",
      () => Buffer.concat([fileEntry("a", "1"), trailerEntry([trailerFile("a", "2")]), endOfTar]),
      "not what was sent",
    ],
    ["is no archive", () => Buffer.alloc(2048, 7), "not a valid tar archive"],
  ])("are refused as a whole where one %s", async (_, archive, why) => {
    await begin();
    await put(archive()).catch(() => undefined);
    const { taken } = await begin();
    expect(taken).toMatchObject({ status: "Failed", files: 0, message: expect.stringContaining(why) });
    expect(existsSync(join(store, id))).toBe(false);
    expect(await api.queue.listArtifacts(id, 1)).toEqual([]);
  });

  test("are bounded all together", async () => {
    await api.store.queue.writeSettings({ "keruta.artifacts.max-total-bytes": "1000" }, "test");
    expect(await begin()).toMatchObject({ maxBytes: 1000, maxTotalBytes: 1000 });
    const both = archiveOf({ "out/a": "x".repeat(600), "out/b": "x".repeat(600) });
    expect(await summaryOf(await put(both))).toMatchObject({ status: "Failed" });
  });
});

describe("an upload", () => {
  test("is refused where it does not begin as it must, or is cut short, and nothing is visible", async () => {
    expect(await codeOf(await put(archiveOf({ a: "1" })))).toEqual([409, "KRT_ARTIFACT_STREAM"]);
    await begin();
    expect(await codeOf(await put(archiveOf({ a: "1" }), { from: 1 }))).toEqual([409, "KRT_ARTIFACT_STREAM"]);
    const short = await put(archiveOf({ a: "1" }).subarray(0, 500));
    expect(await codeOf(short)).toEqual([409, "KRT_ARTIFACT_STREAM"]);
    expect(await begin()).toMatchObject({ from: 0, offset: 0 });
    expect(await told()).toBeUndefined();
    expect(existsSync(stored(""))).toBe(false);
    expect(await summaryOf(await put(archiveOf({ a: "1" })))).toMatchObject({ status: "Collected" });
  });

  test("that is cut again and again before a byte of it counts is not given up for that", async () => {
    for (let time = 0; time < 8; time += 1) {
      await begin();
      expect((await put(archiveOf({ a: "1" }).subarray(0, 300))).status).toBe(409);
    }
    await begin();
    expect(await summaryOf(await put(archiveOf({ a: "1" })))).toMatchObject({ status: "Collected" });
  });

  test("is its own attempt's alone, and not where drivers collect", async () => {
    const stranger = await api.request(path("2"), { method: "POST", token });
    expect(stranger.status).toBe(403);
    for (const role of ["admin", "driver", "agent"] as const) {
      const secret = await api.token(role, { name: role });
      expect((await api.request(path(), { method: "POST", token: secret })).status).toBe(403);
      expect((await put(archiveOf({ a: "1" }), { secret })).status).toBe(403);
    }
    await api.store.queue.writeSettings({ "keruta.artifacts.transport": "exec" }, "test");
    const elsewhere = await api.request(path(), { method: "POST", token });
    expect(await codeOf(elsewhere)).toEqual([409, "KRT_STATUS_CONFLICT"]);
    expect(existsSync(join(store, id))).toBe(false);
  });

  test("that ends after its attempt was settled leaves nothing", async () => {
    await begin();
    const archive = archiveOf({ "out/a": "a".repeat(1_000_000) });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const body = async function* () {
      yield archive.subarray(0, 500_000);
      await promise;
      yield archive.subarray(500_000);
    };
    const sent = fetch(`${api.url}${path()}?from=0&offset=0`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}`, "content-type": archiveType },
      body: ReadableStream.from(body()),
      duplex: "half",
    });
    await expect.poll(bytesOnDisk, { timeout: 10_000 }).toBeGreaterThan(0);
    await api.store.queue.settle(claim.lease, resultOf(), null);
    resolve(undefined);
    expect(await codeOf(await sent)).toEqual([409, "KRT_ATTEMPT_SETTLED"]);
    expect(existsSync(join(store, id))).toBe(false);
    expect(await api.queue.listArtifacts(id, 1)).toEqual([]);
  });

  test.each([
    ["whose answer was lost on its way from the database", "KRT_DB_UNREACHABLE"],
    ["that another server had taken before the attempt was settled", "KRT_ATTEMPT_SETTLED"],
  ] as const)("%s keeps the files that are recorded", async (_, code) => {
    const { queue, reports } = api.store;
    const lost = new KerutaError(code, { en: "lost", ja: "lost" }, { details: { stored: "unknown" } });
    const recordArtifacts: typeof reports.recordArtifacts = async (...given) => {
      await reports.recordArtifacts(...given);
      throw lost;
    };
    const uploads = uploadsOf({ queue, reports: { ...reports, recordArtifacts } });
    const of = { taskId: id, number: 1 };
    await uploads.begin(of, claim.task, effectiveSettings({ database: {} }));
    const body = ReadableStream.from([archiveOf({ "out/a": "a" })]);
    await expect(uploads.take(of, { from: 0, offset: 0 }, body)).rejects.toBe(lost);
    expect(await queue.listArtifacts(id, 1)).toMatchObject([{ path: "out/a" }]);
    expect(await readFile(stored("out/a"), "utf8")).toBe("a");
  });

  test("that never goes on is left, with nothing of it on the disk and nothing said", async () => {
    const { queue, reports } = api.store;
    const uploads = uploadsOf({ queue, reports }, 50);
    const of = { taskId: id, number: 1 };
    const settings = effectiveSettings({ database: {} });
    await uploads.begin(of, claim.task, settings);
    expect(await readdir(join(store, id))).toHaveLength(2);
    await expect.poll(() => existsSync(join(store, id))).toBe(false);
    expect(await told()).toBeUndefined();
    expect(await uploads.begin(of, claim.task, settings)).toMatchObject({ taken: null, from: 0 });
  });
});
