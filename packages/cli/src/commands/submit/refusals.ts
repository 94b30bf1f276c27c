import { isKerutaError, KerutaError, type Task, type Text } from "@keruta/shared/domain";
import { usageError } from "../../errors/usage.ts";

export function alreadyEnded({ id, status }: Task): KerutaError {
  return new KerutaError(
    "KRT_STATUS_CONFLICT",
    { en: `Task ${id} has ended already (${status}).`, ja: `タスク ${id} は終了しています（${status}）。` },
    {
      hint: {
        en:
          status === "FAILED"
            ? `\`keruta retry ${id}\` queues it again, \`keruta submit --from ${id}\` runs a copy.`
            : `\`keruta submit --from ${id}\` runs a copy.`,
        ja:
          status === "FAILED"
            ? `\`keruta retry ${id}\` で再実行、\`keruta submit --from ${id}\` で複製を実行できます。`
            : `\`keruta submit --from ${id}\` で複製を実行できます。`,
      },
    },
  );
}

export function cannotDetach(): KerutaError {
  return usageError(
    {
      en: "The local runner's command ends with keruta, so it cannot be left running (--detach).",
      ja: "local ランナーのコマンドは keruta と一緒に終了するため、実行したまま離れること（--detach）はできません。",
    },
    {
      en: "Queue it with `keruta add` and run it later, or keep this command in the background of your shell.",
      ja: "`keruta add` でキューに入れて後で実行するか、シェルのバックグラウンドで実行してください。",
    },
  );
}

export function noWorker(): KerutaError {
  return new KerutaError(
    "KRT_RUNNER_UNSUPPORTED",
    {
      en: "No worker is alive to drive the task (--driver worker).",
      ja: "タスクを担当するワーカーがいません（--driver worker）。",
    },
    {
      hint: {
        en: "Leave out --driver, and this command drives it.",
        ja: "--driver を外すと、このコマンドが実行を担当します。",
      },
    },
  );
}

const fates = {
  cancelled: { en: "it was queued and has been cancelled", ja: "キューに入れた後、中止しました" },
  "handed back": { en: "it was taken and has been handed back", ja: "取り出した後、キューに戻しました" },
  "left alone": {
    en: "it was there before and is left as it is",
    ja: "以前からあるため、そのままにしています",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** The task must not run under a name that its caller never learned; the error names it and says what became of it. */
export function notRun(error: unknown, id: string, fate: keyof typeof fates): unknown {
  if (!isKerutaError(error)) return error;
  const { code, text, hint, details } = error;
  return new KerutaError(
    code,
    {
      en: `${text.en} Task ${id} is not run here: ${fates[fate].en}.`,
      ja: `${text.ja}タスク ${id} はここでは実行しません（${fates[fate].ja}）。`,
    },
    { ...(hint && { hint }), details: { ...details, taskId: id }, cause: error },
  );
}
