import { KerutaError } from "@keruta/shared/domain";

export function noTask(reference: string): KerutaError {
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

export function noAttempt(taskId: string, attempt: number): KerutaError {
  const number = String(attempt);
  return new KerutaError(
    "KRT_ATTEMPT_NOT_FOUND",
    {
      en: `Task ${taskId} has no attempt ${number}.`,
      ja: `タスク ${taskId} に試行 ${number} はありません。`,
    },
    {
      hint: {
        en: `See its attempts with \`keruta show ${taskId}\`.`,
        ja: `\`keruta show ${taskId}\` で試行を確認できます。`,
      },
      details: { taskId, attempt },
    },
  );
}

export function invalidFrames(): KerutaError {
  return new KerutaError("KRT_USAGE", {
    en: "The body is not a whole number of log frames.",
    ja: "ログのフレームとして読めません。",
  });
}
