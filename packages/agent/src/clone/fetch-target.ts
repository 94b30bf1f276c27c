import { CloneError } from "./outcome.ts";
import { gitFailure, type Git } from "./git.ts";
import type { Target } from "./find-target.ts";

export interface FetchRequest {
  readonly git: Git;
  readonly target: Target;
  /** Commits of history; 0 is all of it. */
  readonly depth: number;
  readonly onLine: (line: string) => void;
}

const everything = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
/** Where a ref that is neither branch nor tag is kept, as pull requests are. */
const otherRef = "refs/keruta/fetched";

/** Brings the target's history and gives the id of its commit. */
export async function fetchTarget(request: FetchRequest): Promise<string> {
  const { git, target, depth } = request;
  if (target.kind === "commit") return fetchCommit(target.id, request);
  const [name, local] = placesOf(target);
  const refspec = `+${name}:${local}`;
  if (depth > 0) await fetch(git, [`--depth=${String(depth)}`, "--no-tags"], [refspec]);
  else await fetchAll(git, target.kind === "other-ref" ? [refspec] : []);
  return commitOf(git, local);
}

async function fetchCommit(id: string, { git, depth, onLine }: FetchRequest): Promise<string> {
  const isWhole = id.length === 40 || id.length === 64;
  if (isWhole && (await has(git, id)) && (depth > 0 || !(await isShallow(git)))) return id;
  if (isWhole && depth > 0) {
    const end = await git.ask(["fetch", "--progress", `--depth=${String(depth)}`, "--no-tags", "origin", id]);
    if (end.exitCode === 0) return id;
    if (!isRefusal(end.words)) return fetchWhole(git, id);
    onLine("keruta: The server does not hand out single commits; fetching the whole history instead.");
  } else if (depth > 0) {
    onLine("keruta: An abbreviated commit id needs the whole history; give the full id for a shallow clone.");
  }
  return fetchWhole(git, id);
}

async function fetchWhole(git: Git, id: string): Promise<string> {
  await fetchAll(git, []);
  const found = await git.ask(["rev-parse", "--verify", "--quiet", `${id}^{commit}`]);
  if (found.exitCode === 0) return found.stdout.trim();
  if (id.length >= 40) {
    // On no branch or tag, as a pull request's commit: some servers hand it out all the same.
    const end = await git.ask(["fetch", "--progress", "--no-tags", "origin", id]);
    if (end.exitCode === 0) return id;
    if (!isRefusal(end.words)) throw gitFailure("fetch", end);
  }
  throw new CloneError({
    category: "task-definition",
    exitCode: found.exitCode,
    message: `There is no commit ${id} in the repository, or its short form fits several; correct repository.ref.`,
  });
}

async function fetchAll(git: Git, refspecs: readonly string[]): Promise<void> {
  const unshallow = (await isShallow(git)) ? ["--unshallow"] : [];
  await fetch(git, ["--prune", ...unshallow], [...everything, ...refspecs]);
}

async function fetch(git: Git, options: readonly string[], refspecs: readonly string[]): Promise<void> {
  // Submodules are `git submodule update`'s; --update-head-ok: HEAD's branch is checked out again afterwards.
  await git.run([
    "fetch",
    "--progress",
    "--force",
    "--no-recurse-submodules",
    "--update-head-ok",
    ...options,
    "origin",
    ...refspecs,
  ]);
}

async function commitOf(git: Git, name: string): Promise<string> {
  return (await git.run(["rev-parse", "--verify", `${name}^{commit}`])).trim();
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git.run(["rev-parse", "--is-shallow-repository"])).trim() === "true";
}

async function has(git: Git, id: string): Promise<boolean> {
  return (await git.ask(["rev-parse", "--verify", "--quiet", `${id}^{commit}`])).exitCode === 0;
}

function placesOf(target: Exclude<Target, { readonly kind: "commit" }>): [remote: string, local: string] {
  if (target.kind === "branch") return [`refs/heads/${target.name}`, `refs/remotes/origin/${target.name}`];
  if (target.kind === "tag") return [`refs/tags/${target.name}`, `refs/tags/${target.name}`];
  return [target.name, otherRef];
}

function isRefusal(words: string): boolean {
  return /not our ref|unadvertised object|couldn't find remote ref|no such remote ref/i.test(words);
}
