import type { Option } from "commander";
import type { KerutaError } from "@keruta/shared/domain";
import type { CommandEntry } from "./entry.ts";
import { nothingNamed, unknownOption, valueMissing } from "./line-errors.ts";

export interface LineReading {
  readonly registry: readonly CommandEntry[];
  /** Those that may stand before and after the command. */
  readonly globals: readonly Option[];
  /** What a command of its own takes; asked once for each that is on the path. */
  readonly optionsOf: (entry: CommandEntry) => Promise<readonly Option[]>;
}

interface Given {
  readonly option: Option;
  /** undefined: it takes none. */
  readonly value: string | undefined;
}

export interface Line {
  /** From the first word of the command to its last. */
  readonly path: readonly CommandEntry[];
  readonly asksHelp: boolean;
  /** Every option that is known where it stands, global or the command's, in the line's order. */
  readonly given: readonly Given[];
  readonly operands: readonly string[];
  /** What followed `--`. */
  readonly trailing: readonly string[] | undefined;
  /** The option that waits for its value where the line ends. */
  readonly expecting: Option | undefined;
  /** The global options but for `--help`, each written out with its value in one word. */
  readonly globalWords: readonly string[];
  /** So the command's own; what nobody knows stands as typed. */
  readonly ownWords: readonly string[];
  /** What no parser of the command's options could tell; whoever runs the line throws it. */
  readonly problem: KerutaError | undefined;
}

/** Reads a command line as far as it goes. Rejects only where a command cannot be loaded. */
export async function readLine(argv: readonly string[], reading: LineReading): Promise<Line> {
  const path: CommandEntry[] = [];
  const given: Given[] = [];
  const operands: string[] = [];
  const globalWords: string[] = [];
  const ownWords: string[] = [];
  let level = reading.registry;
  let own: readonly Option[] = [];
  let asksHelp = false;
  let trailing: readonly string[] | undefined;
  let expecting: Option | undefined;
  let problem: KerutaError | undefined;

  const take = (option: Option, value: string | undefined) => {
    given.push({ option, value });
    if (option.long === "--help") {
      asksHelp = true;
      return;
    }
    const flag = option.long ?? option.short ?? "";
    const words = reading.globals.includes(option) ? globalWords : ownWords;
    words.push(value === undefined ? flag : `${flag}=${value}`);
  };
  const refuse = (flag: string) => {
    if (isGroupOf(path)) problem ??= unknownOption(flag);
    ownWords.push(flag);
  };

  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (word === "--") {
      trailing = argv.slice(at + 1);
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      const entry = operands.length === 0 ? level.find(({ name }) => name === word) : undefined;
      if (entry) {
        path.push(entry);
        level = entry.commands ?? [];
        own = await reading.optionsOf(entry);
      } else if (path.length === 0 && operands.length === 0 && !asksHelp && word === "help") {
        asksHelp = true;
      } else {
        operands.push(word);
      }
      continue;
    }
    const known = [...own, ...reading.globals];
    for (const { flag, option, inline } of partsOf(word, known)) {
      if (!option) {
        refuse(flag);
        continue;
      }
      let value = inline;
      const next = argv[at + 1];
      if (value === undefined && isTaken(option, next)) {
        value = next;
        at += 1;
      }
      if (option.required && value === undefined) {
        if (next === undefined) expecting = option;
        problem ??= valueMissing(option.flags);
        continue;
      }
      take(option, value);
    }
  }
  if (trailing && isGroupOf(path) && operands.length === 0) problem ??= nothingNamed();
  return { path, asksHelp, given, operands, trailing, expecting, globalWords, ownWords, problem };
}

/** True where another word must follow to name a command. */
export function isGroupOf(path: readonly CommandEntry[]): boolean {
  const last = path.at(-1);
  return last === undefined || (last.commands !== undefined && !last.load);
}

/** `--` ends the options, whatever stands before it. */
function isTaken(option: Option, next: string | undefined): next is string {
  if (next === undefined || next === "--") return false;
  return option.required || (option.optional && !next.startsWith("-"));
}

interface Part {
  readonly flag: string;
  readonly option?: Option | undefined;
  /** What stands in the same word. */
  readonly inline?: string | undefined;
}

/** `--name`, `--name=value`, `-a`, `-avalue`, and `-abc` for `-a -b -c`. */
function partsOf(word: string, known: readonly Option[]): readonly Part[] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    const option = known.find(({ long }) => long === name);
    if (equals < 0) return [{ flag: word, option }];
    const takesValue = option !== undefined && (option.required || option.optional);
    return [{ flag: word, ...(takesValue && { option, inline: word.slice(equals + 1) }) }];
  }
  const parts: Part[] = [];
  for (let rest = word.slice(1); rest !== ""; rest = rest.slice(1)) {
    const option = known.find(({ short }) => short === `-${rest[0] ?? ""}`);
    if (!option) return [...parts, { flag: `-${rest}` }];
    const inline = rest.length > 1 ? rest.slice(1) : undefined;
    if (option.required || option.optional) return [...parts, { flag: `-${rest}`, option, inline }];
    parts.push({ flag: `-${rest}`, option });
  }
  return parts;
}
