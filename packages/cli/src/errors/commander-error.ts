import type { CommanderError } from "commander";
import type { KerutaError, Text } from "@keruta/shared/domain";
import { usageError } from "./usage.ts";

/** What commander has to say about a wrong command line, in keruta's words and in both languages. */
export function fromCommander(error: CommanderError): KerutaError {
  const message = error.message.replace(/^error: /, "");
  const quoted = /'([^']*)'/.exec(message)?.[1] ?? message;
  const suggestion = /Did you mean (?:one of )?([^?]*)\?/.exec(message)?.[1];
  return usageError(
    sentence(error.code, quoted, message),
    suggestion === undefined ? undefined : didYouMean(suggestion),
  );
}

function sentence(code: string, value: string, message: string): Text {
  switch (code) {
    case "commander.unknownOption":
      return {
        en: `There is no option ${value} here.`,
        ja: `ここに ${value} というオプションはありません。`,
      };
    case "commander.unknownCommand":
      return { en: `There is no command "${value}".`, ja: `「${value}」というコマンドはありません。` };
    case "commander.optionMissingArgument":
      return { en: `Option ${value} needs a value.`, ja: `オプション ${value} には値が必要です。` };
    case "commander.missingArgument":
      return { en: `The argument ${value} is missing.`, ja: `引数 ${value} がありません。` };
    case "commander.missingMandatoryOptionValue":
      return { en: `Option ${value} is required.`, ja: `オプション ${value} は必須です。` };
    case "commander.excessArguments": {
      const extra = /: ([^:]*)\.$/.exec(message)?.[1] ?? message;
      return { en: `Too many arguments: ${extra}.`, ja: `引数が多すぎます: ${extra}。` };
    }
    default:
      return {
        en: `The command line is wrong: ${message}.`,
        ja: `コマンドラインが正しくありません: ${message}`,
      };
  }
}

function didYouMean(suggestion: string): Text {
  return { en: `Did you mean ${suggestion}?`, ja: `${suggestion} の間違いではありませんか。` };
}
