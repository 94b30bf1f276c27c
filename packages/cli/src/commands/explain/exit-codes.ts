import { exitCodes, type Text } from "@keruta/shared/domain";

/** What the exit codes of `submit`, `attach` and `wait` mean. Others are the command's own. */
const exitCodeExplanations: ReadonlyMap<number, Text> = new Map([
  [
    exitCodes.success,
    {
      en: "The command ended with 0, or there was nothing to do.",
      ja: "コマンドが 0 で終了した、または実行するものがなかった。",
    },
  ],
  [
    exitCodes.failure,
    {
      en: "submit, attach, wait: the command's own code. Other commands: keruta failed.",
      ja: "submit・attach・wait ではコマンド自身の終了コード。ほかのコマンドでは keruta の失敗。",
    },
  ],
  [
    exitCodes.usage,
    {
      en: "submit, attach, wait: the command's own code. Other commands: wrong usage.",
      ja: "submit・attach・wait ではコマンド自身の終了コード。ほかのコマンドでは使い方の誤り。",
    },
  ],
  [
    exitCodes.timedOut,
    {
      en: "The task timed out and was stopped, or the time of `wait --timeout` is over.",
      ja: "タスクが制限時間を超えて停止された、または `wait --timeout` の時間が過ぎた。",
    },
  ],
  [
    exitCodes.kerutaFailed,
    {
      en: "Not the command: keruta failed, the cluster refused or is out of reach, the task never ran or its Pod was lost, required artifacts are missing, or the usage was wrong.",
      ja: "コマンドではなく keruta 側の失敗（クラスターの拒否や不通、未実行、Pod の消失、必須成果物の不足、使い方の誤り）。",
    },
  ],
  [exitCodes.notExecutable, { en: "The command is not executable.", ja: "コマンドに実行権限がない。" }],
  [exitCodes.notFound, { en: "The command was not found.", ja: "コマンドが見つからない。" }],
  [
    exitCodes.cancelled,
    {
      en: "The task was cancelled, or keruta was interrupted.",
      ja: "タスクが中止された、または keruta が中断された。",
    },
  ],
  [
    exitCodes.oomKilled,
    {
      en: "Out of memory, or the command was ended by SIGKILL.",
      ja: "メモリー不足、または SIGKILL による終了。",
    },
  ],
]);

/** 128+n is what a shell and the agent make of a signal. */
export function explainExitCode(code: number): Text {
  const known = exitCodeExplanations.get(code);
  if (known) return known;
  const signal = code > 128 && code < 193 ? code - 128 : null;
  return signal === null
    ? { en: "The command's own exit code.", ja: "コマンド自身の終了コード。" }
    : {
        en: `The command's own code, or it was ended by signal ${String(signal)}.`,
        ja: `コマンド自身の終了コード、またはシグナル ${String(signal)} による終了。`,
      };
}
