import { Option } from "commander";
import { languages, type Language, type Text } from "@keruta/shared/domain";
import { colorModes, type ColorMode, type GlobalOptions } from "../context/globals.ts";
import { choiceError } from "../errors/usage.ts";

interface GlobalOption {
  readonly flags: string;
  readonly text: Text;
  readonly parse?: (value: string) => unknown;
}

/** One table for help, parsing, completion and the scan that comes before parsing. */
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

export interface Scan {
  /** The words that are no options, up to `--`. */
  readonly words: readonly string[];
  /** Only what words and errors need before the line is parsed. */
  readonly globals: Pick<GlobalOptions, "lang" | "output">;
}

const taking = new Set(
  globalOptions
    .filter(({ flags }) => flags.includes("<"))
    .flatMap(({ flags }) => flags.match(/--?[a-z-]+/g) ?? []),
);

/** A first look at the command line: which command, which language, how errors are to be told. Refuses nothing. */
export function scanArguments(argv: readonly string[]): Scan {
  const words: string[] = [];
  let lang: Language | undefined;
  let output: string | undefined;
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (word === "--") break;
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    const [name, inline] = splitOption(word);
    if (!taking.has(name)) continue;
    const value = inline ?? argv[(at += 1)];
    if (name === "--lang") lang = languages.find((candidate) => candidate === value) ?? lang;
    if (name === "-o" || name === "--output") output = value;
  }
  return { words, globals: { ...(lang && { lang }), ...(output !== undefined && { output }) } };
}

function splitOption(word: string): readonly [string, string?] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
  }
  return word.length > 2 ? [word.slice(0, 2), word.slice(2)] : [word];
}
