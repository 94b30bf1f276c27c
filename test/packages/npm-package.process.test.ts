import { execFile } from "node:child_process";
import { glob, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../local/serving.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const cli = join(root, "packages/cli");

let scratch: string;
let installed: string;
/** `npx keruta` in a folder that had nothing before. */
let user: Sandbox;
const packed = (name: string) => readFile(join(installed, name), "utf8");

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "keruta-package-"));
  const { name } = await packInto(join(scratch, "packed"));
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` };
  const folder = await mkdtemp(join(scratch, "empty-"));
  const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", `../packed/${name}`];
  await run("npm", install, { cwd: folder, env });
  installed = join(folder, "node_modules/keruta");
  user = await createSandbox([process.execPath, join(folder, "node_modules/.bin/keruta")]);
}, 60_000);
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true });
});

test("only keruta is published: what it consists of is private", async () => {
  const published: string[] = [];
  for await (const file of glob("packages/*/package.json", { cwd: root })) {
    const manifest = JSON.parse(await readFile(join(root, file), "utf8")) as Record<string, unknown>;
    if (manifest["private"] !== true) published.push(manifest["name"] as string);
  }
  expect(published).toEqual(["keruta"]);
});

test("the package holds the program, the panel and its papers, and nothing of the workshop", async () => {
  const entries = await readdir(installed, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(installed, join(entry.parentPath, entry.name)));
  const others = files.filter((file) => !/^(bin\/keruta\.cjs|dist\/(chunks\/)?[\w-]+\.js)$/.test(file));
  expect(others.map((file) => file.replace(/(assets\/\w+)-[\w-]{8}/, "$1")).toSorted()).toEqual([
    "LICENSE",
    "README.md",
    "dist/THIRD-PARTY-LICENSES.txt",
    "dist/panel/assets/icon.svg",
    "dist/panel/assets/index.css",
    "dist/panel/assets/index.js",
    "dist/panel/index.html",
    "dist/sbom.cdx.json",
    "package.json",
  ]);
  expect(await packed("LICENSE")).toBe(await readFile(join(root, "LICENSE"), "utf8"));
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await packed(file) })));
  expect(texts.filter(({ text }) => text.includes(root)).map(({ file }) => file)).toEqual([]);
});

test("packed twice, it is the same", async () => {
  const [one, two] = await Promise.all(["one", "two"].map((name) => packInto(join(scratch, name))));
  expect(one?.bytes.equals(two?.bytes ?? Buffer.of())).toBe(true);
});

async function packInto(directory: string): Promise<{ name: string; bytes: Buffer }> {
  await mkdir(directory);
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", directory];
  const { stdout } = await run("npm", pack, { cwd: cli });
  const name = stdout.trim();
  return { name, bytes: await readFile(join(directory, name)) };
}

test("publint has nothing to say", async () => {
  const { messages } = await publint({ pkgDir: installed, strict: true, pack: false });
  expect(messages).toEqual([]);
});

test("the bill of materials names what is bundled, with licence and digest, and no tool of development", async () => {
  const { components } = JSON.parse(await packed("dist/sbom.cdx.json")) as {
    components: { name: string; version: string; hashes: unknown[]; licenses: unknown[] }[];
  };
  const names = components.map(({ name }) => name);
  for (const name of ["hono", "zod", "pg", "preact", "@kubernetes/client-node", "better-sqlite3"])
    expect(names).toContain(name);
  for (const name of ["vite", "vitest", "rolldown", "typescript", "publint"])
    expect(names).not.toContain(name);
  const texts = await packed("dist/THIRD-PARTY-LICENSES.txt");
  for (const { name, version, hashes, licenses } of components) {
    expect([name, hashes.length, licenses.length]).toEqual([name, 1, 1]);
    expect(texts).toContain(`\n${name} ${version} (`);
  }
});

test("`npx keruta --version` in the folder says the version of the package", async () => {
  const { version } = JSON.parse(await packed("package.json")) as { version: string };
  const { stdout } = await user.run(["--version"], {
    program: ["npx", "keruta"],
    cwd: dirname(dirname(installed)),
  });
  expect(stdout.toString()).toBe(`${version}\n`);
});

test("it runs a task file and exits with the task's own code", async () => {
  const task = (script: string) =>
    `{ "apiVersion": "keruta/v1", "kind": "Task", "title": "t", "spec": { "runner": "local", "script": "${script}" } }`;
  const hello = await user.run(["submit", "-f", await user.file("hello.yaml", task("echo hello"))]);
  expect([hello.code, hello.stdout.toString()]).toEqual([0, "hello\n"]);
  const fails = await user.run(["submit", "-f", await user.file("fails.yaml", task("exit 7"))]);
  expect(fails.code).toBe(7);
  expect((await user.run(["list"])).stdout.toString()).toMatch(/FAILED .*\n.*COMPLETED /);
});

test("what is wrong is said in one line, with the codes of the documentation", async () => {
  const missing = await user.run(["submit", "-f", "nowhere.yaml"]);
  expect([missing.code, missing.stderr]).toEqual([125, expect.stringMatching(/^keruta: .*nowhere\.yaml/)]);
  const broken = await user.run([
    "submit",
    "-f",
    await user.file("broken.yaml", "kind: Task\nspec: { imge: x }\n"),
  ]);
  expect([broken.code, broken.stderr]).toEqual([125, expect.stringMatching(/broken\.yaml.*\bimge\b/s)]);
  expect((await user.run(["no-such-command"])).code).toBe(2);
});

test("it serves the panel", async () => {
  const server = await serve(user);
  const page = await (await fetch(server.url)).text();
  const [, script = ""] = /src="([^"]+\.js)"/.exec(page) ?? [];
  const answer = await fetch(new URL(script, server.url));
  expect([answer.status, (await answer.text()).length > 100_000]).toEqual([200, true]);
  expect((await server.stop()).code).toBe(0);
});
