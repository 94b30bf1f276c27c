import { setFlagsFromString } from "node:v8";
import { usageError } from "../../errors/usage.ts";

/**
 * A pattern for `--grep` that no log line can make run for ever.
 *
 * V8 has a second engine that runs in linear time but 30 times slower on ordinary lines: it says here whether the
 * pattern can be run so, and takes over where the usual one backtracks too often. Throws KRT_USAGE.
 */
export function parseGrep(text: string): RegExp {
  useLinearEngine();
  try {
    // Refused here: back references, look-around, large counted repeats.
    return new RegExp(new RegExp(text, linear).source);
  } catch (error) {
    throw refusal(text, error);
  }
}

/** V8's own flag, which no standard knows. */
const linear: string = "l";

function useLinearEngine(): void {
  setFlagsFromString("--enable-experimental-regexp-engine");
  setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
  setFlagsFromString("--regexp-backtracks-before-fallback=10000");
}

function refusal(text: string, error: unknown): unknown {
  if (!(error instanceof SyntaxError)) return error;
  if (error.message.endsWith("Cannot be executed in linear time")) {
    return usageError(
      {
        en: `--grep cannot use "${text}": one log line could keep it busy for ever.`,
        ja: `--grep に「${text}」は使えません。1 行のログで処理が終わらなくなるおそれがあります。`,
      },
      {
        en: "Leave out back references, look-around and large {n,m}.",
        ja: "後方参照・先読み・大きな {n,m} を使わないでください。",
      },
    );
  }
  const why = error.message.split(": ").at(-1) ?? error.message;
  return usageError(
    {
      en: `--grep "${text}" is no regular expression: ${why}.`,
      ja: `--grep の「${text}」は正規表現として正しくありません（${why}）。`,
    },
    {
      en: "Put a backslash before a character that is meant as it is, such as \\[ or \\(.",
      ja: "文字そのものを探すときは \\[ や \\( のように \\ を付けてください。",
    },
  );
}
