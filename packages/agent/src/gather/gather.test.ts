import { mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findFiles } from "../collect/find-files.ts";
import { readGathered } from "../collect/gathered.ts";
import { findRoots } from "../collect/roots.ts";
import { gatherArtifacts, type GatherOptions } from "./gather.ts";

let directory: string;
let image: string;
const inside = (name: string) => join(directory, name);
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), "keruta-gather-")));
  image = inside("image");
  for (const name of ["workspace", "artifacts", "run", "volume", "image"]) await mkdir(inside(name));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

const options = (patterns: readonly string[], more: Partial<GatherOptions> = {}): GatherOptions => ({
  runDirectory: inside("run"),
  workspace: inside("workspace"),
  artifactsDirectory: inside("artifacts"),
  volumes: [inside("volume")],
  maxBytes: 1000,
  maxTotalBytes: 10_000,
  patterns,
  ...more,
});

/** What is in the artifacts directory, under the image's own names. */
async function copied(): Promise<Record<string, string>> {
  const files = await readdir(inside("artifacts"), { recursive: true, withFileTypes: true });
  const entries = files
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(join(inside("artifacts"), image).length + 1), await readFile(path, "utf8")] as const;
    });
  return Object.fromEntries(await Promise.all(entries));
}

describe("artifacts outside the shared directories", () => {
  test("are copied under their absolute path, where patterns or the command name them", async () => {
    await write(join(image, "log/app.log"), "a");
    await write(join(image, "log/deep/b.log"), "b");
    await write(join(image, "log/c.txt"), "c");
    await write(join(image, "named"), "n");
    await write(inside("run/artifacts.list"), `${JSON.stringify(join(image, "named"))}\n`);
    await gatherArtifacts(options([`${image}/log/**/*.log`, `${image}/none/*`, "log/*"]));
    expect(await copied()).toEqual({ "log/app.log": "a", "log/deep/b.log": "b", named: "n" });
    expect((await readGathered(inside("run"))).matched).toEqual([
      `${image}/log/**/*.log`,
      join(image, "named"),
    ]);
  });

  test("are not those that others see: workspace, volumes, run and artifacts directory", async () => {
    await write(inside("workspace/a"), "1");
    await write(inside("volume/b"), "2");
    await write(join(image, "c"), "3");
    await gatherArtifacts(options([`${directory}/**`]));
    expect(await copied()).toEqual({ c: "3" });
  });

  test("over a limit, special or taken are told with their size and why", async () => {
    await write(join(image, "big"), "x".repeat(1001));
    await write(join(image, "last"), "x".repeat(600));
    await write(join(image, "first"), "x".repeat(600));
    await write(join(inside("artifacts"), image, "taken"), "the command's");
    await write(join(image, "taken"), "other");
    await symlink(image, join(image, "to-directory"));
    await gatherArtifacts(options([`${image}/*`], { maxTotalBytes: 1000 }));
    expect(await copied()).toEqual({ first: "x".repeat(600), taken: "the command's" });
    const { skipped } = await readGathered(inside("run"));
    expect(skipped.map(({ path, skipped: why, bytes }) => [path.slice(image.length), why, bytes])).toEqual([
      ["big", "too-large", 1001],
      ["last", "total-too-large", 600],
      ["taken", "unsafe", 0],
      ["to-directory", "unsafe", 0],
    ]);
  });

  test("are what collect then finds, and absolute patterns match in volumes as they are mounted", async () => {
    await write(join(image, "app.log"), "a");
    await write(inside("volume/out/b.log"), "b");
    await write(inside("workspace/c.log"), "c");
    const patterns = [
      `${image}/*.log`,
      `${inside("volume")}/**/*.log`,
      `${directory}/*/c.log`,
      `${image}/no`,
    ];
    await gatherArtifacts(options(patterns));
    const wanted = { ...options(patterns), volumesElsewhere: [], from: 0, offset: 0 };
    const found = await findFiles(wanted, await findRoots(wanted));
    const gatheredName = join(image, "app.log").slice(1);
    expect(found.files.map(({ name }) => name)).toEqual(
      ["c.log", gatheredName, "volume/out/b.log"].toSorted(),
    );
    expect(found.unmatched).toEqual([`${image}/no`]);
  });

  test.each(["", "{", "[]", "null", '{"matched":3,"skipped":[{"path":1}]}'])(
    "told by somebody else, in no shape of ours (%j), are nothing",
    async (text) => {
      await write(inside("run/gathered.json"), text);
      expect(await readGathered(inside("run"))).toEqual({ matched: [], skipped: [] });
    },
  );
});
