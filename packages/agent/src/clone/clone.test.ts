import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cloneRepository, type CloneDependencies, type CloneRequest } from "./clone.ts";
import {
  cloneDependencies,
  cloneRequest,
  createTestRepository,
  gitIn,
  type TestRepository,
} from "./repository.fixture.ts";

let repository: TestRepository;
let path: string;
let url: string;

beforeEach(() => {
  repository = createTestRepository();
  path = join(repository.root, "work");
  url = pathToFileURL(repository.origin).href;
});
afterEach(() => {
  const left = readdirSync(repository.root).filter((name) => name.startsWith("keruta-clone-"));
  if (left.length > 0) throw new Error(`private directories were left: ${left.join(", ")}`);
  repository[Symbol.dispose]();
});

async function clone(more: Partial<CloneRequest> = {}, moreDeps: Partial<CloneDependencies> = {}) {
  const { deps, lines } = cloneDependencies(
    {
      env: process.env,
      pid: process.pid,
      platform: process.platform,
      kill: (pid, signal) => void process.kill(pid, signal),
      temporaryDirectory: repository.root,
    },
    moreDeps,
  );
  return { outcome: await cloneRepository(cloneRequest(url, path, more), deps), lines };
}

const file = () => readFileSync(join(path, "file"), "utf8");

describe("the ref", () => {
  test("is the default branch where none is given, checked out by its name", async () => {
    expect((await clone()).outcome).toEqual({ failed: false, commit: repository.commits[2] });
    expect(gitIn(path, "rev-parse", "--abbrev-ref", "HEAD@{upstream}")).toBe("origin/trunk");
    expect(gitIn(path, "status", "--porcelain")).toBe("");
  });

  test.each([
    ["a branch", "topic", 1],
    ["a tag", "v1", 0],
    ["an annotated tag", "v2", 1],
    ["a full name", "refs/heads/topic", 1],
  ])("may be %s", async (_, ref, commit) => {
    for (const depth of [0, 1]) {
      const { outcome } = await clone({ ref, depth, path: `${path}${String(depth)}` });
      expect(outcome).toEqual({ failed: false, commit: repository.commits[commit] });
    }
  });

  test("may be a commit id, whole or abbreviated", async () => {
    const [first = ""] = repository.commits;
    for (const ref of [first, first.slice(0, 10)]) {
      expect((await clone({ ref })).outcome).toEqual({ failed: false, commit: first });
      expect(file()).toBe("one");
    }
  });

  test("may be a pull request's", async () => {
    repository.git("update-ref", "refs/pull/7/head", repository.commits[1] ?? "");
    for (const depth of [0, 1]) {
      const { outcome } = await clone({ ref: "refs/pull/7/head", depth });
      expect(outcome).toEqual({ failed: false, commit: repository.commits[1] });
    }
  });

  test("that nobody has is the task's fault and named", async () => {
    for (const ref of ["nope", "deadbeef", "f".repeat(40)]) {
      const { outcome } = await clone({ ref });
      expect(outcome).toMatchObject({
        failed: true,
        category: "task-definition",
        message: expect.stringContaining(ref),
      });
    }
  });

  test("of a repository without commits is told as such", async () => {
    const empty = join(repository.root, "empty");
    gitIn(repository.root, "init", "--quiet", empty);
    expect((await clone({ url: empty })).outcome).toMatchObject({
      message: expect.stringContaining("has no commit"),
    });
  });
});

describe("depth", () => {
  const history = () => gitIn(path, "rev-list", "--count", "HEAD");

  test("cuts the history, and 0 brings all of it later", async () => {
    await clone({ depth: 1 });
    expect(history()).toBe("1");
    await clone({ depth: 0 });
    expect(history()).toBe("3");
    expect(gitIn(path, "tag")).toBe("v1\nv2");
  });

  test("holds for a commit id where the server hands out single commits", async () => {
    const { outcome, lines } = await clone({ ref: repository.commits[0], depth: 1 });
    expect(outcome).toMatchObject({ failed: false });
    expect(lines.join("\n")).not.toContain("whole history");
    expect(history()).toBe("1");
  });
});

describe("a directory that is there", () => {
  test("is updated where it is a clone of that URL, untracked files kept and changes overwritten", async () => {
    await clone();
    writeFileSync(join(path, "file"), "changed");
    writeFileSync(join(path, "cache"), "kept");
    gitIn(path, "checkout", "--quiet", "-b", "local");
    const latest = repository.commit("file", "four");
    expect((await clone()).outcome).toEqual({ failed: false, commit: latest });
    expect([file(), readFileSync(join(path, "cache"), "utf8")]).toEqual(["four", "kept"]);
  });

  test("loses untracked and ignored files with clean, but not lost+found", async () => {
    await clone();
    mkdirSync(join(path, "lost+found"));
    writeFileSync(join(path, "lost+found", "x"), "");
    writeFileSync(join(path, "cache"), "");
    writeFileSync(join(path, ".git", "info-exclude"), "");
    expect((await clone({ clean: true })).outcome.failed).toBe(false);
    expect(readdirSync(path).toSorted()).toEqual([".git", "file", "lost+found"]);
  });

  test("may be a clone that plain git made", async () => {
    gitIn(repository.root, "clone", "--quiet", url, path);
    expect((await clone({ ref: "topic" })).outcome.failed).toBe(false);
    expect(file()).toBe("two");
  });

  test("may be an empty volume with lost+found", async () => {
    mkdirSync(join(path, "lost+found"), { recursive: true });
    expect((await clone()).outcome.failed).toBe(false);
  });

  test("is left alone where it holds something else, which is named", async () => {
    mkdirSync(path);
    writeFileSync(join(path, "precious"), "data");
    expect((await clone()).outcome).toMatchObject({
      category: "task-definition",
      message: expect.stringMatching(/not empty.*precious/),
    });
    expect(readdirSync(path)).toEqual(["precious"]);
  });

  test("is left alone where it is a clone of another URL, and both are told", async () => {
    await clone();
    const other = createTestRepository();
    const { outcome } = await clone({ url: other.origin });
    other[Symbol.dispose]();
    expect(outcome).toMatchObject({ category: "task-definition", message: expect.stringContaining(url) });
    expect(file()).toBe("three");
  });

  test("that a mistyped URL left is used for the right one", async () => {
    expect((await clone({ url: `${url}-typo` })).outcome).toMatchObject({ failed: true });
    expect((await clone()).outcome.failed).toBe(false);
  });

  test("that is a file is refused", async () => {
    writeFileSync(path, "");
    expect((await clone()).outcome).toMatchObject({
      category: "start",
      message: expect.stringContaining(path),
    });
  });

  test("is never mistaken for a part of a repository around it", async () => {
    const inside = join(repository.origin, "inside");
    expect((await clone({ path: inside, ref: "nope" })).outcome.failed).toBe(true);
    rmSync(join(inside, ".git", "HEAD"));
    rmSync(join(inside, ".git", "objects"), { recursive: true });
    expect((await clone({ path: inside, ref: "v1" })).outcome.failed).toBe(false);
    expect(repository.git("rev-parse", "HEAD")).toBe(repository.commits[2]);
  });
});

test("stale locks and a half-done merge of a killed git are removed, and told", async () => {
  await clone();
  for (const name of ["index.lock", "HEAD.lock", "refs/heads/trunk.lock", "shallow.lock", "MERGE_HEAD"]) {
    writeFileSync(join(path, ".git", name), `${String(repository.commits[0])}\n`);
  }
  const { outcome, lines } = await clone();
  expect(outcome.failed).toBe(false);
  expect(lines.join("\n")).toContain("index.lock");
  expect(gitIn(path, "status", "--porcelain=v2", "--branch")).not.toContain("MERGING");
});

test("nothing that a task wrote into a kept clone is run", async () => {
  await clone();
  const trap = `touch ${join(repository.root, "trapped")}`;
  const hook = join(path, ".git", "hooks", "post-checkout");
  mkdirSync(join(path, ".git", "hooks"), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\n${trap}\n`, { mode: 0o755 });
  gitIn(path, "config", "core.fsmonitor", trap);
  gitIn(path, "config", "filter.trap.smudge", trap);
  gitIn(path, "config", "remote.origin.uploadpack", `${trap}; git-upload-pack`);
  gitIn(path, "config", "user.name", 'Kept "quoted"');
  mkdirSync(join(path, ".git", "info"), { recursive: true });
  writeFileSync(join(path, ".git", "info", "attributes"), "* filter=trap\n");
  repository.commit("file", "four");
  const { outcome, lines } = await clone();
  expect(outcome.failed).toBe(false);
  expect(existsSync(join(repository.root, "trapped"))).toBe(false);
  expect(lines.join("\n")).toContain("filter.trap.smudge");
  expect(gitIn(path, "config", "--local", "user.name")).toBe('Kept "quoted"');
});

test("submodules come with it, recursively, and follow an update", async () => {
  const outer = createTestRepository();
  const middle = createTestRepository();
  try {
    middle.git("submodule", "--quiet", "add", repository.origin, "leaf");
    middle.commit("middle", "1");
    outer.git("submodule", "--quiet", "add", middle.origin, "middle");
    outer.commit("outer", "1");
    for (const depth of [0, 1]) {
      const there = `${path}${String(depth)}`;
      const request = { url: outer.origin, submodules: true, depth, path: there };
      expect((await clone(request)).outcome).toMatchObject({ failed: false });
      expect(readFileSync(join(there, "middle", "leaf", "file"), "utf8")).toBe("three");
      writeFileSync(join(there, "middle", "file"), "changed");
      expect((await clone(request)).outcome).toMatchObject({ failed: false });
      expect(readFileSync(join(there, "middle", "file"), "utf8")).toBe("three");
    }
  } finally {
    outer[Symbol.dispose]();
    middle[Symbol.dispose]();
  }
});

test("variables and configuration of the surroundings do not lead git elsewhere", async () => {
  writeFileSync(join(repository.root, ".gitconfig"), '[url "/nowhere/"]\n\tinsteadOf = file:\n');
  const environment = {
    ...process.env,
    HOME: repository.root,
    GIT_DIR: repository.origin,
    GIT_INDEX_FILE: "/nowhere/i",
  };
  expect((await clone({}, { environment })).outcome.failed).toBe(false);
});

test("a missing repository is the task's fault, in git's words", async () => {
  const { outcome } = await clone({ url: join(repository.root, "nowhere") });
  expect(outcome).toMatchObject({
    category: "task-definition",
    exitCode: 128,
    message: expect.stringContaining("does not appear to be a git repository"),
  });
});

test("a machine without git is told so", async () => {
  const { outcome } = await clone({}, { environment: { PATH: repository.root } });
  expect(outcome).toMatchObject({ category: "start", message: expect.stringContaining("no `git` program") });
});
