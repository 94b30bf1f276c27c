import { KerutaError } from "../domain/error.ts";
import type { Language, Text } from "../domain/text.ts";
import { formatPath, type Path } from "./path.ts";

/** One thing that is wrong in a task file. Lines and columns count from 1; null where there is no file. */
export interface Complaint {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  /** `spec.volumes[0].mountPath`; empty for the document itself. */
  readonly path: string;
  readonly text: Text;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `key`: the complaint is about the key at the end of the path, not about its value. */
export type Target = "key" | "value";
export type Report = (path: Path, text: Text, target?: Target) => void;
export type Locate = (path: Path, target: Target) => Position | null;

/** More would help nobody: such a file is none of ours. */
const maxComplaints = 200;

export interface Complaints {
  readonly report: Report;
  readonly all: readonly Complaint[];
}

export function collectComplaints(file: string, locate: Locate): Complaints {
  const all: Complaint[] = [];
  const known = new Set<string>();
  const report: Report = (path, text, target = "value") => {
    const shown = formatPath(path);
    const key = `${shown}\n${text.en}`;
    if (all.length >= maxComplaints || known.has(key)) return;
    known.add(key);
    const { line = null, column = null } = locate(path, target) ?? {};
    all.push({ file, line, column, path: shown, text });
  };
  return { report, all };
}

/** KRT_TASK_INVALID with every complaint, in the order of the file. */
export function invalidTask(file: string, complaints: readonly Complaint[]): KerutaError {
  const sorted = complaints.toSorted(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  );
  const count = String(sorted.length);
  const lines = (language: Language) =>
    sorted.map((complaint) => `\n  ${formatComplaint(complaint, language)}`).join("");
  return new KerutaError(
    "KRT_TASK_INVALID",
    {
      en: `${file} is no valid task: ${count} ${sorted.length === 1 ? "thing is" : "things are"} wrong.${lines("en")}`,
      ja: `${file} はタスクとして正しくありません（誤り ${count} 件）。${lines("ja")}`,
    },
    {
      hint: {
        en: "Correct it and try again; `keruta task schema` prints what a task file may hold.",
        ja: "修正してやり直してください。書式は `keruta task schema` で確認できます。",
      },
      details: { complaints: sorted },
    },
  );
}

/** `build.yaml:3:5: spec.timeout must be …`. */
export function formatComplaint({ file, line, column, text }: Complaint, language: Language): string {
  const place = line === null ? file : `${file}:${String(line)}:${String(column ?? 1)}`;
  return `${place}: ${text[language]}`;
}
