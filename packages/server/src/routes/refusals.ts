import { KerutaError } from "@keruta/shared/domain";

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
