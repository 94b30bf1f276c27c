import { artifactPathProblem } from "../../domain/artifact/path.ts";
import { KerutaError } from "../../domain/error.ts";
import { showText } from "../../domain/show.ts";
import type { Text } from "../../domain/text.ts";
import type { ArtifactFile } from "../queue.ts";

/**
 * Throws KRT_ARTIFACT_REFUSED for a list with what no collection has: the name of a stored file becomes a path, of
 * whoever reads it. A skipped file's may be any text, since it was skipped for its name perhaps.
 */
export function checkArtifacts(files: readonly ArtifactFile[]): void {
  const paths = new Set<string>();
  for (const file of files) {
    const problem = problemOf(file) ?? (paths.has(file.path) ? twice : undefined);
    if (problem) throw refused(file.path, problem);
    paths.add(file.path);
  }
}

const twice: Text = { en: "is listed twice", ja: "一覧に 2 回あります" };

function problemOf({ path, bytes, sha256, skipped }: ArtifactFile): Text | undefined {
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    const given = String(bytes);
    return { en: `has ${given} bytes, which is no size`, ja: `サイズ ${given} バイトは不正です` };
  }
  if (skipped !== null) {
    if (sha256 === null) return undefined;
    return { en: "was skipped and has a digest", ja: "収集していないのにダイジェストがあります" };
  }
  if (sha256 === null || !/^[0-9a-f]{64}$/.test(sha256)) {
    return {
      en: `has ${sha256 === null ? "no digest" : `the digest ${showText(sha256)}`}, where 64 lower-case hexadecimal digits must be`,
      ja: `ダイジェストが${sha256 === null ? "ありません" : ` ${showText(sha256)} です`}（64 桁の小文字の 16 進数が必要です）`,
    };
  }
  return artifactPathProblem(path);
}

function refused(path: string, problem: Text): KerutaError {
  return new KerutaError(
    "KRT_ARTIFACT_REFUSED",
    {
      en: `The list of artifacts is not taken: ${showText(path)} ${problem.en}.`,
      ja: `成果物の一覧を受け付けません。${showText(path)} は、${problem.ja}。`,
    },
    {
      hint: {
        en: "Record what was collected: paths relative to the attempt's own directory, with size and SHA-256.",
        ja: "収集した成果物を、試行のディレクトリからの相対パス・サイズ・SHA-256 で記録してください。",
      },
      details: { path },
    },
  );
}
