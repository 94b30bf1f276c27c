import type { ArtifactStatus, ArtifactTrailer } from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";
import { quoteName } from "./refusal.ts";

export interface Summary {
  readonly status: ArtifactStatus;
  /** Of the files that were stored. */
  readonly bytes: number;
  /** English, as all messages of a result; empty where everything was collected. */
  readonly message: string;
}

const shownNames = 3;

/** Collected only where every pattern matched and nothing was left out; Missing where nothing at all came. */
export function summarise(files: readonly ArtifactFile[], trailer: ArtifactTrailer): Summary {
  const stored = files.filter(({ skipped }) => skipped === null);
  const bytes = stored.reduce((sum, file) => sum + file.bytes, 0);
  const skipped = trailer.files.filter((file) => file.skipped !== null);
  const told = new Set(skipped.map(({ path }) => path));
  const drifted = files.filter((file) => file.skipped === "changed" && !told.has(file.path));
  const left = [
    ...skipped.map(describeSkipped),
    ...drifted.map(({ path }) => `${quoteName(path)} (changed)`),
  ];
  const sentences: string[] = [];
  if (left.length > 0) sentences.push(`${String(left.length)} not collected: ${listed(left)}.`);
  if (trailer.unmatched.length > 0)
    sentences.push(`Nothing matched ${listed(trailer.unmatched.map(quoteName))}.`);
  const status = sentences.length === 0 ? "Collected" : stored.length === 0 ? "Missing" : "Partial";
  return { status, bytes, message: sentences.join(" ") };
}

function describeSkipped({ path, bytes, skipped, note }: ArtifactTrailer["files"][number]): string {
  const why = note === "" ? (skipped ?? "") : quoteName(note).slice(1, -1);
  return `${quoteName(path)} (${skipped === "unsafe" ? why : `${String(bytes)} bytes, ${why}`})`;
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, shownNames).join(", ");
  return texts.length > shownNames ? `${shown} and ${String(texts.length - shownNames)} more` : shown;
}
