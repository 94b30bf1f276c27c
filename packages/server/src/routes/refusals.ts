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

export function notAnAgents(): KerutaError {
  return new KerutaError("KRT_USAGE", {
    en: "The frames have a gap, which only a driver may declare.",
    ja: "欠落の記録が含まれていますが、これを宣言できるのはドライバーだけです。",
  });
}

export function resultTooLarge(bytes: number, maxBytes: number): KerutaError {
  return new KerutaError(
    "KRT_USAGE",
    {
      en: `The result has ${String(bytes)} bytes; ${String(maxBytes)} are the most.`,
      ja: `結果が ${String(bytes)} バイトあり、上限の ${String(maxBytes)} バイトを超えています。`,
    },
    { details: { bytes, maxBytes } },
  );
}

export function foreignResult(told: string, own: string): KerutaError {
  return new KerutaError(
    "KRT_USAGE",
    {
      en: `The result is of task ${told}, and the token of task ${own}.`,
      ja: `結果はタスク ${told} のものですが、トークンはタスク ${own} のものです。`,
    },
    { details: { told, own } },
  );
}
