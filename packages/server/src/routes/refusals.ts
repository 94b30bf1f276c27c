import { KerutaError } from "@keruta/shared/domain";

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
