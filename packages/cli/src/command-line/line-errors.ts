import type { KerutaError } from "@keruta/shared/domain";
import { usageError } from "../errors/usage.ts";

/** An option where no command has been named yet that could know it. */
export function unknownOption(flag: string): KerutaError {
  return usageError(
    {
      en: `There is no option ${flag} here.`,
      ja: `ここに ${flag} というオプションはありません。`,
    },
    {
      en: "Options of a command stand after the command's name; --help shows what there is.",
      ja: "コマンドのオプションはコマンド名の後に書きます。--help で一覧を表示します。",
    },
  );
}

export function valueMissing(flags: string): KerutaError {
  return usageError({
    en: `Option ${flags} needs a value.`,
    ja: `オプション ${flags} には値が必要です。`,
  });
}

export function nothingNamed(): KerutaError {
  return usageError(
    { en: "No command of keruta stands before --.", ja: "-- の前に keruta のコマンドがありません。" },
    {
      en: "To run a command as a task: keruta submit -- COMMAND",
      ja: "コマンドをタスクとして実行するには: keruta submit -- COMMAND",
    },
  );
}

/** For a command that is in the table by its name only. */
export function notLoaded(name: string): KerutaError {
  return usageError({
    en: `The command "${name}" cannot stand there.`,
    ja: `コマンド「${name}」はこの位置には書けません。`,
  });
}
