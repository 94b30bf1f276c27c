import { CloneError } from "./outcome.ts";
import type { Git } from "./git.ts";
import type { Ref } from "./ref.ts";

/** What to check out, and the refs to fetch for it. */
export type Target =
  | { readonly kind: "branch"; readonly name: string }
  | { readonly kind: "tag"; readonly name: string }
  | { readonly kind: "other-ref"; readonly name: string }
  | { readonly kind: "commit"; readonly id: string };

/** Asks the server what the ref is; a branch goes before a tag of the same name, as in `git clone --branch`. */
export async function findTarget(git: Git, url: string, ref: Ref): Promise<Target> {
  if (ref.kind === "commit") return { kind: "commit", id: ref.id };
  if (ref.kind === "default") return findDefault(git, url);
  const { name } = ref;
  const wanted = name.startsWith("refs/") ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
  const answer = await git.run(["ls-remote", "--", url, ...wanted]);
  const there = new Set(answer.split("\n").map((line) => line.split("\t")[1]));
  const found = wanted.find((candidate) => there.has(candidate));
  if (found !== undefined) return targetOf(found);
  if (ref.mayBeCommit) return { kind: "commit", id: name };
  throw new CloneError({
    category: "task-definition",
    exitCode: null,
    message: `There is no branch or tag ${JSON.stringify(name)} in ${url}; correct repository.ref.`,
  });
}

async function findDefault(git: Git, url: string): Promise<Target> {
  const answer = await git.run(["ls-remote", "--symref", "--", url, "HEAD"]);
  const branch = /^ref: (\S+)\tHEAD$/m.exec(answer)?.[1];
  const id = /^([0-9a-f]{40,64})\tHEAD$/m.exec(answer)?.[1];
  if (id === undefined) {
    throw new CloneError({
      category: "task-definition",
      exitCode: null,
      message: `The repository ${url} has no commit on its default branch; push one, or set repository.ref.`,
    });
  }
  return branch === undefined ? { kind: "commit", id } : targetOf(branch);
}

function targetOf(name: string): Target {
  const [, kind, short = ""] = /^refs\/(heads|tags)\/(.+)$/.exec(name) ?? [];
  if (kind === "heads") return { kind: "branch", name: short };
  return kind === "tags" ? { kind: "tag", name: short } : { kind: "other-ref", name };
}
