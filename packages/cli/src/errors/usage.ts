import { KerutaError, type Text } from "@keruta/shared/domain";

const seeHelp: Text = {
  en: "The command with --help shows what it takes.",
  ja: "コマンドに --help を付けると使い方を表示します。",
};

export function usageError(text: Text, hint: Text = seeHelp): KerutaError {
  return new KerutaError("KRT_USAGE", text, { hint });
}

/** A value that is not one of a known few; the sentence lists them. */
export function choiceError(what: string, value: string, choices: readonly string[]): KerutaError {
  const list = choices.join(", ");
  return usageError(
    { en: `${what} cannot be "${value}".`, ja: `${what} に「${value}」は使えません。` },
    { en: `Use one of: ${list}.`, ja: `使えるのは ${list} です。` },
  );
}
