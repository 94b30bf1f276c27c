import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runFiles, type ArtifactSkip } from "@keruta/shared/domain";
import { missing } from "./walk.ts";

/** What became of files outside the shared volumes: `run` copies them, `collect` tells of them. */
export interface Gathered {
  /** Patterns and named paths for which there was something. */
  readonly matched: readonly string[];
  readonly skipped: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly skipped: Exclude<ArtifactSkip, "changed">;
    readonly note: string;
  }[];
}

const nothing: Gathered = { matched: [], skipped: [] };

export async function readGathered(runDirectory: string | null): Promise<Gathered> {
  if (runDirectory === null) return nothing;
  const text = await readFile(join(runDirectory, runFiles.gathered), "utf8").catch(missing);
  return text === undefined ? nothing : parseGathered(text);
}

/** The command can write where this lies: what is not in its shape is left out. */
function parseGathered(text: string): Gathered {
  let value: { readonly matched?: unknown; readonly skipped?: unknown } | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    // Not the agent's: the files themselves are collected all the same.
    return nothing;
  }
  return {
    matched: listOf(value?.matched).filter((name) => typeof name === "string"),
    skipped: listOf(value?.skipped).filter(isSkipped),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function isSkipped(value: unknown): value is Gathered["skipped"][number] {
  const { path, bytes, skipped, note } = Object(value) as Partial<Record<string, unknown>>;
  const reasons: readonly unknown[] = ["too-large", "total-too-large", "unsafe"];
  return (
    typeof path === "string" &&
    Number.isSafeInteger(bytes) &&
    typeof note === "string" &&
    reasons.includes(skipped)
  );
}
