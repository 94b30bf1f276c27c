import { KerutaError } from "../error.ts";

export function taskNotFound(reference: string): KerutaError {
  return new KerutaError(
    "KRT_TASK_NOT_FOUND",
    { en: `There is no task "${reference}".`, ja: `タスク「${reference}」はありません。` },
    {
      hint: {
        en: "List tasks with `keruta list`; an id or a prefix of 3 or more characters names one.",
        ja: "`keruta list` で一覧を見て、ID か、その先頭 3 文字以上を指定してください。",
      },
      details: { reference },
    },
  );
}
