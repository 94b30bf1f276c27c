import { Option } from "commander";
import { languages, type Language, type Text } from "@keruta/shared/domain";
import { colorModes, type ColorMode, type GlobalOptions } from "../context/globals.ts";
import { choiceError } from "../errors/usage.ts";

interface GlobalOption {
  readonly flags: string;
  readonly text: Text;
  readonly parse?: (value: string) => unknown;
}

/** One table for help, parsing, completion and the reading that comes before parsing. */
const globalOptions: readonly GlobalOption[] = [
  {
    flags: "--db <url>",
    text: {
      en: "the queue: sqlite:PATH or PATH (KERUTA_DB)",
      ja: "キュー: sqlite:PATH または PATH（KERUTA_DB）",
    },
  },
  {
    flags: "--api-url <url>",
    text: { en: "the queue of a server (KERUTA_API_URL)", ja: "サーバーのキュー（KERUTA_API_URL）" },
  },
  {
    flags: "--token-file <file>",
    text: { en: "file with the server's token", ja: "サーバーのトークンを書いたファイル" },
  },
  { flags: "--kubeconfig <file>", text: { en: "kubeconfig to use", ja: "使用する kubeconfig" } },
  { flags: "--context <name>", text: { en: "context of the kubeconfig", ja: "kubeconfig のコンテキスト" } },
  { flags: "-n, --namespace <name>", text: { en: "namespace of Jobs", ja: "Job のネームスペース" } },
  {
    flags: "--config <file>",
    text: {
      en: "application.properties that fills a new queue",
      ja: "新しいキューの初期設定にする application.properties",
    },
  },
  { flags: "-o, --output <format>", text: { en: "output format", ja: "出力形式" } },
  {
    flags: "--color <when>",
    text: { en: "auto, always or never", ja: "色: auto・always・never" },
    parse: choice<ColorMode>("--color", colorModes),
  },
  {
    flags: "--lang <language>",
    text: { en: "en or ja", ja: "表示言語: en・ja" },
    parse: choice<Language>("--lang", languages),
  },
  { flags: "-q, --quiet", text: { en: "print errors only", ja: "エラーだけを表示する" } },
  { flags: "-v, --verbose", text: { en: "say more", ja: "詳しく表示する" } },
];

export function createGlobalOptions(translate: (text: Text) => string): readonly Option[] {
  return globalOptions.map(({ flags, text, parse }) => {
    const option = new Option(flags, translate(text));
    return parse ? option.argParser(parse) : option;
  });
}

function choice<T extends string>(name: string, values: readonly T[]): (value: string) => T {
  return (value) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw choiceError(name, value, values);
    return found;
  };
}

/** Of options as they were read: only what words and errors need before the line is parsed. */
export function earlyGlobals(
  given: readonly { readonly option: Option; readonly value: string | undefined }[],
): Pick<GlobalOptions, "lang" | "output"> {
  const valueOf = (long: string) => given.findLast(({ option }) => option.long === long)?.value;
  const lang = languages.find((candidate) => candidate === valueOf("--lang"));
  const output = valueOf("--output");
  return { ...(lang && { lang }), ...(output !== undefined && { output }) };
}
