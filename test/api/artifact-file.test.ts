import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ArtifactFile } from "../../packages/shared/src/queue/index.ts";
import { claimed, newTask, terms } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

const large = 64 * 1024 * 1024;

let artifactRoot: string;
let api: ApiHarness;
let taskId: string;
let place: (path: string) => string;
/** How many rows each look at the list gave. */
let looks: number[];
/** What the list tells besides what was recorded. */
let listed: readonly ArtifactFile[];
const never = { taskId: "", attempt: 0, token: "" };

beforeEach(async () => {
  artifactRoot = await mkdtemp(join(tmpdir(), "keruta-artifacts-"));
  looks = [];
  listed = [];
  const store = await openSqliteHarness();
  const listArtifacts: typeof store.queue.listArtifacts = async (...asked) => {
    const added = listed.filter(({ path }) => asked[2] === path);
    const files = [...(await store.queue.listArtifacts(...asked)), ...added];
    looks.push(files.length);
    return files;
  };
  api = await openApiHarness({ ...store, queue: { ...store.queue, listArtifacts } }, { artifactRoot });
  await store.queue.addTask(newTask());
  const { lease } = await claimed(store.queue, api.world.holder(1));
  ({ taskId } = lease);
  place = (path) => join(artifactRoot, taskId, "1", path);
  const file = (path: string, bytes: number) => ({ path, bytes, sha256: "ff".repeat(32), skipped: null });
  await store.queue.recordArtifacts(lease, [file("out/a", 3), file("out/large", large)]);
  await mkdir(dirname(place("out/a")), { recursive: true });
  await writeFile(place("out/a"), "abc");
  await writeFile(place("out/large"), "");
  await truncate(place("out/large"), large);
});
afterEach(() => rm(artifactRoot, { recursive: true }));

async function answerOf(path: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${await api.token("viewer")}` };
  const url = `${api.url}/api/tasks/${taskId}/artifacts/file?path=${path}`;
  const [answer] = await once(get(url, { headers }), "response");
  return answer as IncomingMessage;
}

test("one file is found without the list of all", async () => {
  const answer = await answerOf("out/a");
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += String(chunk);
  expect([answer.statusCode, answer.headers["content-length"], text]).toEqual([200, "3", "abc"]);
  expect((await answerOf("out")).statusCode).toBe(404);
  expect(await api.queue.listArtifacts(taskId, 1, "out/a")).toMatchObject([{ path: "out/a" }]);
  expect(looks).toEqual([1, 0, 1]);
  await api.dispose();
});

test("neither a path of the list nor a link leads out of the attempt's directory", async () => {
  await writeFile(join(artifactRoot, "secret"), "abc");
  await symlink(artifactRoot, place("out/up"));
  await symlink(join(artifactRoot, "secret"), place("out/link"));
  const paths = ["out/up/secret", "out/link", "../../secret", join(artifactRoot, "secret"), "out"];
  // As an older server or another program left them.
  listed = paths.map((path) => ({ path, bytes: 3, sha256: "ff".repeat(32), skipped: null }));
  for (const path of paths) {
    expect([path, (await answerOf(encodeURIComponent(path))).statusCode]).toEqual([path, 404]);
  }
  await api.dispose();
});

test("a list that leads out of the attempt's directory is not taken from a driver", async () => {
  const driver = await api.open(await api.token("driver", { name: "driver" }));
  const { task } = await api.queue.addTask(newTask());
  const claim = await driver.claim({ ...terms(api.world.holder(1)), taskId: task.id });
  const files = [{ path: "../../secret", bytes: 3, sha256: "ff".repeat(32), skipped: null }];
  await expect(driver.recordArtifacts(claim?.lease ?? never, files)).rejects.toMatchObject({
    code: "KRT_ARTIFACT_REFUSED",
    details: { path: "../../secret", status: 422 },
  });
  await api.dispose();
});

test("a file that becomes shorter while it is read is cut, and nobody waits for the rest", async () => {
  const answer = await answerOf("out/large");
  await truncate(place("out/large"), large / 2);
  let bytes = 0;
  const read = async () => {
    for await (const chunk of answer) bytes += (chunk as Buffer).length;
  };
  await expect(read()).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(bytes).toBeLessThan(large);
  await expect(api.dispose()).rejects.toThrow("another size");
});
