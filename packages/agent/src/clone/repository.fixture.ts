import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { CloneDependencies, CloneRequest } from "./clone.ts";

/** A directory of its own for one test, with a repository `origin` of three commits, a branch and tags. */
export interface TestRepository extends Disposable {
  readonly root: string;
  readonly origin: string;
  readonly commits: readonly string[];
  git(...args: string[]): string;
  commit(file: string, content: string): string;
}

export function createTestRepository(name = "origin"): TestRepository {
  const root = mkdtempSync(join(tmpdir(), "keruta-clone-test-"));
  const origin = join(root, name);
  mkdirSync(origin);
  const git = (...args: string[]) => gitIn(origin, ...args);
  const commit = (file: string, content: string) => {
    writeFileSync(join(origin, file), content);
    git("add", "--all");
    git("commit", "--quiet", "--message", `${file}: ${content.slice(0, 20)}`);
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet", "--initial-branch=trunk");
  const commits = [commit("file", "one"), commit("file", "two"), commit("file", "three")];
  git("tag", "v1", commits[0] ?? "");
  git("tag", "--annotate", "--message=two", "v2", commits[1] ?? "");
  git("branch", "topic", commits[1] ?? "");
  return {
    root,
    origin,
    commits,
    git,
    commit,
    [Symbol.dispose]() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function gitIn(directory: string, ...args: string[]): string {
  const identity = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.test",
    "-c",
    "protocol.file.allow=always",
  ];
  return execFileSync("git", ["-C", directory, ...identity, ...args], {
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
}

export function cloneRequest(url: string, path: string, more: Partial<CloneRequest> = {}): CloneRequest {
  return { url, path, depth: 0, submodules: false, clean: false, timeout: 60_000, allowLocal: true, ...more };
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly platform: string;
  readonly kill: (pid: number, signal: "SIGTERM" | "SIGKILL") => void;
  readonly temporaryDirectory: string;
}

/** Waits are taken down instead of waited for, but a lock's, which are real. */
export function cloneDependencies(from: Surroundings, more: Partial<CloneDependencies> = {}) {
  const lines: string[] = [];
  const waits: number[] = [];
  let now = 0;
  const deps: CloneDependencies = {
    environment: from.env,
    pid: from.pid,
    platform: from.platform,
    temporaryDirectory: from.temporaryDirectory,
    clock: () => (now += 1000),
    async wait(milliseconds, stop) {
      waits.push(milliseconds);
      await wait(milliseconds === 1000 ? 100 : 0, undefined, { signal: stop });
    },
    kill: from.kill,
    onLine: (line) => void lines.push(line),
    stop: new AbortController().signal,
    ...more,
  };
  return { deps, lines, waits };
}
