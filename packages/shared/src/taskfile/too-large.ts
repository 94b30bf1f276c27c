import { KerutaError } from "../domain/error.ts";
import { maxTaskBytes } from "../domain/task/limits.ts";

/** KRT_TASK_TOO_LARGE; `bytes` is Infinity where nobody counted to the end. */
export function taskTooLarge(place: string, bytes: number): KerutaError {
  const limit = maxTaskBytes.toLocaleString("en");
  const size = Number.isFinite(bytes) ? bytes.toLocaleString("en") : `more than ${limit}`;
  const sizeJa = Number.isFinite(bytes) ? `${bytes.toLocaleString("en")} バイト` : `${limit} バイト超`;
  return new KerutaError(
    "KRT_TASK_TOO_LARGE",
    {
      en: `The task in ${place} is ${size} bytes as JSON, and at most ${limit} are allowed.`,
      ja: `${place} のタスクは JSON で ${sizeJa}あります。上限は ${limit} バイトです。`,
    },
    {
      hint: {
        en: "Bring large data by the repository, a volume or a Secret instead.",
        ja: "大きなデータはリポジトリ、ボリューム、Secret のいずれかで渡してください。",
      },
      details: { file: place, bytes: Number.isFinite(bytes) ? bytes : null, maxBytes: maxTaskBytes },
    },
  );
}

/** KRT_TASK_TOO_LARGE for a file that is not even read. */
export function fileTooLarge(name: string, bytes: number, maxBytes: number): KerutaError {
  const [size, limit] = [bytes.toLocaleString("en"), maxBytes.toLocaleString("en")];
  return new KerutaError(
    "KRT_TASK_TOO_LARGE",
    {
      en: `${name} is ${size} bytes, and a file of tasks may have at most ${limit}.`,
      ja: `${name} は ${size} バイトあります。タスクファイルの上限は ${limit} バイトです。`,
    },
    {
      hint: { en: "Split it into several files.", ja: "複数のファイルに分けてください。" },
      details: { file: name, bytes, maxBytes },
    },
  );
}
