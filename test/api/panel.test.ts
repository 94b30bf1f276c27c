import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

let directory: string;
let api: ApiHarness;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keruta-panel-"));
  api = await openApiHarness(await openSqliteHarness(), { panelDirectory: join(directory, "panel") });
});
afterEach(async () => {
  await api.dispose();
  await rm(directory, { recursive: true });
});

/** After the server has started: it reads them when they are asked for. */
async function build(): Promise<void> {
  await mkdir(join(directory, "panel/assets"), { recursive: true });
  await writeFile(join(directory, "panel/index.html"), "<!doctype html>the page");
  await writeFile(join(directory, "panel/assets/main-abcdefgh.js"), "run()".repeat(100));
  await writeFile(join(directory, "panel/secret.txt"), "no file of the panel's");
  await writeFile(join(directory, "outside.js"), "not the panel's");
}

test("every path that is no file and not the API's is the page, which is asked for each time", async () => {
  await build();
  for (const path of ["/", "/tasks/k7m2xqaf4t", "/index.html", "/no/such/screen"]) {
    const answer = await api.request(path);
    expect([answer.status, await answer.text()]).toEqual([200, "<!doctype html>the page"]);
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("a file whose name has its hash is kept for ever, and goes compressed to who takes it", async () => {
  await build();
  for (const encoding of ["gzip", "identity"]) {
    const headers = { "accept-encoding": encoding };
    const answer = await api.request("/assets/main-abcdefgh.js", { headers });
    expect(await answer.text()).toBe("run()".repeat(100));
    expect(answer.headers.get("content-encoding")).toBe(encoding === "gzip" ? "gzip" : null);
    expect(answer.headers.get("content-type")).toContain("text/javascript");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  }
});

test("nothing beside the panel's files is to be had", async () => {
  await build();
  for (const path of ["/assets/other.js", "/assets/..%2f..%2foutside.js", "/assets/../../outside.js"]) {
    expect(await (await api.request(path)).text()).not.toContain("not the panel's");
  }
  expect(await (await api.request("/secret.txt")).text()).toContain("the page");
  expect((await api.request("/assets/other.js")).status).toBe(404);
  for (const path of ["/api", "/api/nothing", "/metrics"]) expect((await api.request(path)).status).toBe(401);
  expect((await api.request("/tasks", { method: "POST" })).status).toBe(404);
});

test("where it is not built the page says how it is", async () => {
  const answer = await api.request("/");
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("npm run build");
});

test("whether the first person is still to be added is told to everybody, and nothing more", async () => {
  expect(await (await api.request("/api/setup")).json()).toEqual({ needed: true });
  const token = await api.token("admin");
  const body = JSON.stringify({ name: "花子", role: "admin", password: "correct horse battery" });
  const headers = { "content-type": "application/json" };
  expect((await api.request("/api/users", { method: "POST", token, headers, body })).status).toBe(201);
  expect(await (await api.request("/api/setup")).json()).toEqual({ needed: false });
});

test("a task that is not queued is checked, and its Job is shown", async () => {
  const [token, viewer] = [await api.token("operator"), await api.token("viewer")];
  const render = (spec: object, by = token) =>
    api.request("/api/tasks/render", {
      method: "POST",
      token: by,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ apiVersion: "keruta/v1", kind: "Task", title: "x", spec }),
    });
  const spec = { runner: "kubernetes", image: "example/docs:1", command: ["make"] };
  expect(await (await render(spec)).json()).toMatchObject({
    job: { kind: "Job", metadata: { name: "keruta-dryrunonly-1" } },
  });
  expect(await (await render({ ...spec, runner: "local" })).json()).toEqual({ job: null });
  const refused = await render({ ...spec, timeout: "soon", imagePullPolicy: "x" });
  expect(refused.status).toBe(422);
  const { error } = (await refused.json()) as { error: { details: { complaints: { path: string }[] } } };
  expect(error.details.complaints.map(({ path }) => path).toSorted()).toEqual([
    "spec.imagePullPolicy",
    "spec.timeout",
  ]);
  expect((await render(spec, viewer)).status).toBe(403);
  expect((await api.queue.listTasks({})).items).toEqual([]);
});
