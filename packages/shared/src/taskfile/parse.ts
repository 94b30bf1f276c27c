import type { NewTask } from "../domain/task/task.ts";
import { invalidTask, type Complaint } from "./complaint.ts";
import { decodeText } from "./decode.ts";
import { readDocuments, type TaskDocument } from "./document.ts";
import { fileTooLarge } from "./too-large.ts";
import { examineTask } from "./validate.ts";

/** A file's name, as messages show it, and its content. */
export type TaskFile =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly bytes: Uint8Array };

/** Read whole and kept as a tree of nodes, about fifty times its size. */
const maxFileBytes = 8 * 1024 * 1024;

/**
 * The tasks of a YAML or JSON file, in order, each document as `change` makes it. Throws KRT_TASK_INVALID with every
 * complaint of every document.
 */
export function parseTaskFile(
  file: TaskFile,
  change: (value: unknown) => unknown = (value) => value,
): readonly NewTask[] {
  const documents = openDocuments(file);
  const complaints: Complaint[] = [];
  const tasks: NewTask[] = [];
  for (const document of documents) {
    complaints.push(...document.complaints);
    if (document.value === undefined) continue;
    const examined = examineTask(change(document.value), { name: file.name, document });
    complaints.push(...examined.complaints);
    if (examined.task) tasks.push(examined.task);
  }
  if (complaints.length > 0) throw invalidTask(file.name, complaints);
  return tasks;
}

function openDocuments(file: TaskFile): readonly TaskDocument[] {
  const { name } = file;
  const size = "bytes" in file ? file.bytes.length : file.text.length;
  if (size > maxFileBytes) throw fileTooLarge(name, size, maxFileBytes);
  const decoded = "bytes" in file ? decodeText(file.bytes) : { text: file.text };
  if ("complaint" in decoded) {
    throw invalidTask(name, [{ file: name, line: null, column: null, path: "", text: decoded.complaint }]);
  }
  const documents = readDocuments(name, decoded.text.replace(/^\uFEFF/, ""));
  if (documents.length > 0) return documents;
  const text = {
    en: "the file holds no task; a task begins with the lines apiVersion: keruta/v1 and kind: Task",
    ja: "ファイルにタスクがありません。タスクは apiVersion: keruta/v1 と kind: Task の行で始めます",
  };
  throw invalidTask(name, [{ file: name, line: 1, column: 1, path: "", text }]);
}
