import { artifactPathProblem, foldArtifactName } from "@keruta/shared/domain";

export interface SentNames {
  /** Why the receiver would refuse a file of this name, or undefined, and then the name is taken. */
  refuse(name: string): string | undefined;
}

/**
 * The names of one archive by the receiver's rules: one that it would refuse fails the whole collection there, so
 * it is left out and listed here.
 */
export function createSentNames(): SentNames {
  /** Folded path of each file and of each directory above one, with the spelling that came first. */
  const files = new Map<string, string>();
  const directories = new Map<string, string>();
  return {
    refuse(name) {
      // Not UTF-8 on the disk: Node gives U+FFFD for what it cannot read, and no such file is there.
      if (name.includes("\ufffd")) return "the name is not UTF-8";
      const problem = artifactPathProblem(name);
      if (problem) return problem.en;
      const parents = parentsOf(name);
      const folded = foldArtifactName(name);
      if (files.has(folded) || directories.has(folded))
        return "another file has this name, or one that differs in case only";
      for (const parent of parents) {
        const key = foldArtifactName(parent);
        if (files.has(key)) return `another file has the name of its directory ${parent}`;
        if ((directories.get(key) ?? parent) !== parent)
          return `its directory ${parent} differs from another in case only`;
      }
      files.set(folded, name);
      for (const parent of parents) directories.set(foldArtifactName(parent), parent);
      return undefined;
    },
  };
}

function parentsOf(name: string): string[] {
  const parts = name.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
