import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CloneError } from "./outcome.ts";
import type { Git } from "./git.ts";
import type { Target } from "./find-target.ts";

/** Safe to run over a repository that is there, whole or half made. */
export async function initRepository(git: Git, directory: string, url: string): Promise<void> {
  // A half-made repository without these is none to git, and `init` would look for one further up.
  await mkdir(join(directory, ".git", "objects"), { recursive: true });
  await git.run(["init", "--quiet", directory]);
  await git.run(["config", "--replace-all", "remote.origin.url", url]);
  await git.run(["config", "--replace-all", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"]);
}

/** Local changes to tracked files are overwritten, and a local branch of the same name is reset. */
export async function checkOut(git: Git, target: Target, commit: string): Promise<void> {
  if (target.kind !== "branch") {
    await git.run(["checkout", "--progress", "--force", "--detach", commit, "--"]);
    return;
  }
  await git.run(["checkout", "--progress", "--force", "--no-track", "-B", target.name, commit, "--"]);
  await git.run(["config", `branch.${target.name}.remote`, "origin"]);
  await git.run(["config", `branch.${target.name}.merge`, `refs/heads/${target.name}`]);
}

export async function updateSubmodules(git: Git, depth: number): Promise<void> {
  await git.run(["submodule", "sync", "--quiet", "--recursive"]);
  const update = ["submodule", "update", "--init", "--recursive", "--force", "--progress"];
  if (depth === 0) {
    await git.run(update);
    return;
  }
  try {
    await git.run([...update, `--depth=${String(depth)}`]);
  } catch (error) {
    if (!(error instanceof CloneError) || error.transient || error.failure.category !== "start") throw error;
    // The commit may be no branch's tip, which not every server hands out.
    await git.run(update);
  }
}

/** Removes untracked and ignored files, here and in submodules; not what a file system put into its root. */
export async function removeUntracked(git: Git, submodules: boolean): Promise<void> {
  await git.run(["clean", "-ffdxq", "-e", "/lost+found"]);
  if (submodules) await git.run(["submodule", "--quiet", "foreach", "--recursive", "git clean -ffdxq"]);
}
