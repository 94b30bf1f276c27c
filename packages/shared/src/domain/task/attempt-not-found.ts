import { KerutaError } from "../error.ts";

export function attemptNotFound(taskId: string, attempt: number): KerutaError {
  const number = String(attempt);
  return new KerutaError(
    "KRT_ATTEMPT_NOT_FOUND",
    {
      en: `Task ${taskId} has no attempt ${number}.`,
      ja: `タスク ${taskId} に試行 ${number} はありません。`,
    },
    {
      hint: {
        en: `\`keruta show ${taskId}\` lists its attempts.`,
        ja: `\`keruta show ${taskId}\` で試行の一覧を確認できます。`,
      },
      details: { taskId, attempt },
    },
  );
}
