import type { Command } from "commander";
import { runnerNames, type RunnerName } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import { addOptions, type OptionDefinition } from "../command-line/command.ts";
import { booleanValue, choiceValue, integerValue, repeatedValue } from "../command-line/values.ts";
import {
  parseAssignment,
  parseSecretAssignment,
  type Assignment,
  type SecretAssignment,
} from "./assignment.ts";

/** A task told by options; `namespace` is the global one. */
export interface TaskFlags {
  readonly title?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly label?: readonly Assignment[];
  readonly image?: string;
  readonly env?: readonly Assignment[];
  readonly secretEnv?: readonly SecretAssignment[];
  readonly repo?: string;
  readonly ref?: string;
  readonly artifact?: readonly string[];
  readonly timeout?: string;
  readonly attempts?: number;
  readonly runner?: RunnerName;
  readonly namespace?: string;
  readonly hold?: boolean;
  readonly notBefore?: string;
  readonly concurrencyKey?: string;
}

/** Adds the options; their values are read with `taskFlagsOf`. */
export function taskFlags(context: Context, command: Command): Command {
  return addOptions(context, command, definitions);
}

/** The task flags among the options of a command line, and nothing else. */
export function taskFlagsOf(command: Command): TaskFlags {
  const options = command.optsWithGlobals<TaskFlags>();
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.has(name)));
}

/** The names of the options that were given, as a user types them. */
export function givenTaskFlags(flags: TaskFlags): readonly string[] {
  return Object.keys(flags)
    .filter((name) => names.has(name))
    .map((name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
}

const definitions: readonly OptionDefinition[] = [
  { flags: "--title <text>", text: { en: "what people see in lists", ja: "一覧に表示するタイトル" } },
  { flags: "--description <text>", text: { en: "free text", ja: "説明文" } },
  {
    flags: "--priority <number>",
    text: { en: "higher runs first (default 0)", ja: "大きいほど先に実行（既定 0）" },
    parse: integerValue("--priority", Number.MIN_SAFE_INTEGER),
  },
  {
    flags: "--label <key=value>",
    text: { en: "a label; may be repeated", ja: "ラベル（繰り返し可）" },
    parse: (value, previous) => [...list<Assignment>(previous), parseAssignment("--label", value)],
  },
  { flags: "--image <image>", text: { en: "container image", ja: "コンテナイメージ" } },
  {
    flags: "--env <name=value>",
    text: { en: "an environment variable; may be repeated", ja: "環境変数（繰り返し可）" },
    parse: (value, previous) => [...list<Assignment>(previous), parseAssignment("--env", value)],
  },
  {
    flags: "--secret-env <name=secret:key>",
    text: {
      en: "an environment variable from a secret; may be repeated",
      ja: "シークレットからの環境変数（繰り返し可）",
    },
    parse: (value, previous) => [
      ...list<SecretAssignment>(previous),
      parseSecretAssignment("--secret-env", value),
    ],
  },
  { flags: "--repo <url>", text: { en: "git repository to clone", ja: "クローンする git リポジトリ" } },
  { flags: "--ref <ref>", text: { en: "its branch, tag or commit", ja: "ブランチ・タグ・コミット" } },
  {
    flags: "--artifact <glob>",
    text: { en: "files to keep; may be repeated", ja: "成果物として残すファイル（繰り返し可）" },
    parse: repeatedValue,
  },
  {
    flags: "--timeout <duration>",
    text: { en: "of the command, for example 30m", ja: "コマンドの制限時間（例 30m）" },
  },
  {
    flags: "--attempts <number>",
    text: { en: "tries in all, the first included", ja: "試行回数の上限（初回を含む）" },
    parse: integerValue("--attempts", 1),
  },
  {
    flags: "--runner <runner>",
    text: { en: "kubernetes or local", ja: "kubernetes または local" },
    parse: choiceValue("--runner", runnerNames),
  },
  {
    flags: "--hold [boolean]",
    text: { en: "do not run it until it is let go", ja: "解除するまで実行しない" },
    parse: booleanValue("--hold"),
  },
  {
    flags: "--not-before <time>",
    text: { en: "ISO 8601 with a zone", ja: "この時刻より前に実行しない（ISO 8601）" },
  },
  {
    flags: "--concurrency-key <key>",
    text: { en: "tasks of one key do not run at once", ja: "同じキーのタスクは同時に実行しない" },
  },
];

/** As commander names values: `--not-before` is `notBefore`. */
const names = new Set([
  "namespace",
  ...definitions.map(({ flags }) =>
    (/--([a-z-]+)/.exec(flags)?.[1] ?? "").replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
  ),
]);

function list<T>(previous: unknown): readonly T[] {
  return (previous as readonly T[] | undefined) ?? [];
}
