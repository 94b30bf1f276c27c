import { artifactPathProblem, foldArtifactName } from "@keruta/shared/domain";
import type { ArtifactLimits } from "./limits.ts";
import { quoteName, refusal } from "./refusal.ts";

interface Name {
  readonly path: string;
  readonly kind: "file" | "directory";
}

type NameLimits = Pick<ArtifactLimits, "entries" | "listBytes">;

/** Every name of one collection. Adding throws KRT_ARTIFACT_REFUSED, and then the tree is as it was. */
export interface NameTree {
  /** Files and directories, those that are only implied by a path too. */
  readonly size: number;
  /** Returns the directories that are new, outermost first. */
  addFile(path: string): readonly string[];
  addDirectory(path: string): readonly string[];
  /** A file that did not become whole and will come again. */
  forgetFile(path: string): void;
}

export function createNameTree({ entries: maxNames, listBytes }: NameLimits): NameTree {
  const names = new Map<string, Name>();
  let characters = 0;

  const add = (path: string, kind: Name["kind"]): readonly string[] => {
    const problem = artifactPathProblem(path);
    if (problem) {
      throw refusal({
        en: `The artifact ${quoteName(path)} ${problem.en}.`,
        ja: `成果物 ${quoteName(path)} は、${problem.ja}。`,
      });
    }
    const fresh = prefixes(path).filter((prefix) => isNewDirectory(names, prefix, path));
    const known = names.get(foldArtifactName(path));
    if (known) refuseSecond(known, path, kind);
    const added = known ? 0 : 1;
    if (names.size + fresh.length + added > maxNames) {
      throw refusal({
        en: `The artifacts are more than ${String(maxNames)} files and directories.`,
        ja: `成果物のファイルとディレクトリが ${String(maxNames)} 個を超えています。`,
      });
    }
    characters += [...fresh, ...(known ? [] : [path])].reduce((sum, name) => sum + name.length, 0);
    if (characters > listBytes) throw tooLongNames(listBytes);
    for (const directory of fresh)
      names.set(foldArtifactName(directory), { path: directory, kind: "directory" });
    if (known) return fresh;
    names.set(foldArtifactName(path), { path, kind });
    return kind === "directory" ? [...fresh, path] : fresh;
  };

  return {
    get size() {
      return names.size;
    },
    addFile: (path) => add(path, "file"),
    addDirectory: (path) => add(path, "directory"),
    forgetFile: (path) => {
      if (names.delete(foldArtifactName(path))) characters -= path.length;
    },
  };
}

function prefixes(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

function isNewDirectory(names: ReadonlyMap<string, Name>, directory: string, path: string): boolean {
  const known = names.get(foldArtifactName(directory));
  if (!known) return true;
  if (known.path !== directory) throw twins(known.path, directory);
  if (known.kind === "file") throw bothKinds(directory, path);
  return false;
}

/** A directory that comes again is no harm: a resumed stream may send it twice. */
function refuseSecond(known: Name, path: string, kind: Name["kind"]): void {
  if (known.path !== path) throw twins(known.path, path);
  if (known.kind !== kind) throw bothKinds(path, path);
  if (kind === "directory") return;
  throw refusal({
    en: `The artifact ${quoteName(path)} was sent twice.`,
    ja: `成果物 ${quoteName(path)} が 2 回送られました。`,
  });
}

function twins(first: string, second: string) {
  return refusal({
    en: `The artifacts ${quoteName(first)} and ${quoteName(second)} are one name where letter case or Unicode form does not count.`,
    ja: `成果物 ${quoteName(first)} と ${quoteName(second)} は、大文字小文字や Unicode の正規化を区別しない環境では同じ名前になります。`,
  });
}

function bothKinds(name: string, path: string) {
  return refusal({
    en: `The artifact ${quoteName(path)} makes ${quoteName(name)} both a file and a directory.`,
    ja: `成果物 ${quoteName(path)} により、${quoteName(name)} がファイルとディレクトリの両方になります。`,
  });
}

function tooLongNames(limit: number) {
  return refusal({
    en: `The names of the artifacts have more than ${String(limit)} characters together.`,
    ja: `成果物の名前の合計が ${String(limit)} 文字を超えています。`,
  });
}
