import type { Command, Option } from "commander";
import type { Context } from "../../context/context.ts";
import { buildProgram } from "../../command-line/build.ts";
import type { CommandEntry } from "../../command-line/entry.ts";
import { scanArguments } from "../../command-line/global-options.ts";
import { candidatesFor, type Candidate } from "./candidates.ts";

export interface CompleteOptions {
  readonly context: Context;
  readonly registry: readonly CommandEntry[];
  /** After `keruta`, the last one being what is typed now, perhaps empty. */
  readonly words: readonly string[];
}

/** Longer than this and the user has typed it himself. */
const patienceMilliseconds = 500;

/** `value TAB description` lines on stdout. Whatever goes wrong, nothing is said: the user is in the middle of a line. */
export async function complete(options: CompleteOptions): Promise<number> {
  const { context, words } = options;
  context.configure({ ...scanArguments(words.slice(0, -1)).globals, quiet: true });
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), patienceMilliseconds);
  try {
    const typed = words.at(-1) ?? "";
    const found = await Promise.race([findCandidates(options), aborted(timeout.signal)]);
    const lines = found.filter(({ value }) => value.startsWith(typed)).map(lineOf);
    await context.io.stdout.write(lines.join(""));
  } catch {
    // See above: silence is the contract.
  } finally {
    clearTimeout(timer);
  }
  return 0;
}

async function aborted(signal: AbortSignal): Promise<readonly Candidate[]> {
  const { promise, resolve } = Promise.withResolvers<readonly Candidate[]>();
  signal.addEventListener("abort", () => {
    resolve([]);
  });
  return await promise;
}

function lineOf({ value, description = "" }: Candidate): string {
  return `${value}\t${description.replaceAll(/[\t\n\r]/g, " ")}\n`;
}

async function findCandidates({ context, registry, words }: CompleteOptions): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  // What follows `--` is another program's command line.
  if (before.includes("--")) return [];
  const { words: names } = scanArguments(before);
  const program = await buildProgram(context, registry, names);
  const { command, depth } = descend(program, names);
  context.configure(globalsTyped(program, before));
  const expecting = optionExpectingValue([...program.options, ...command.options], before.at(-1));
  if (expecting) return await candidatesFor(context, placeholderOf(expecting), command);
  const inline = /^(--[a-z-]+)=/.exec(typed)?.[1];
  const inlineOption = [...program.options, ...command.options].find(({ long }) => long === inline);
  if (inline !== undefined && inlineOption) {
    const values = await candidatesFor(context, placeholderOf(inlineOption), command);
    return values.map(({ value, ...rest }) => ({ ...rest, value: `${inline}=${value}` }));
  }
  if (typed.startsWith("-")) return optionCandidates([...command.options, ...program.options]);
  if (command.commands.length > 0) return command.commands.map(commandCandidate);
  const given = names.length - depth;
  const argument = command.registeredArguments[Math.min(given, command.registeredArguments.length - 1)];
  if (!argument || (given >= command.registeredArguments.length && !argument.variadic)) return [];
  return await candidatesFor(context, argument.name(), command);
}

function descend(
  program: Command,
  names: readonly string[],
): { readonly command: Command; readonly depth: number } {
  let command = program;
  let depth = 0;
  for (const name of names) {
    const next = command.commands.find((candidate) => candidate.name() === name);
    if (!next) break;
    command = next;
    depth += 1;
  }
  return { command, depth };
}

/** `--db` and `--lang` of the line so far decide which queue is asked, and in which words. */
function globalsTyped(program: Command, before: readonly string[]): { readonly db?: string } {
  const flag = before.findLastIndex((word) => word === "--db" || word.startsWith("--db="));
  const word = before[flag];
  if (word === undefined || !program.options.some(({ long }) => long === "--db")) return {};
  const db = word.includes("=") ? word.slice("--db=".length) : before[flag + 1];
  return db === undefined ? {} : { db };
}

function optionExpectingValue(options: readonly Option[], last: string | undefined): Option | undefined {
  return options.find(
    (option) => option.required && last !== undefined && (option.long === last || option.short === last),
  );
}

function placeholderOf({ flags, long }: Option): string {
  const name = /[<[]([^\]>]+)[\]>]/.exec(flags)?.[1] ?? "";
  return name === "key=value" ? (long ?? name) : name;
}

function optionCandidates(options: readonly Option[]): readonly Candidate[] {
  return options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ long, description }) => (long == null ? [] : [{ value: long, description }]));
}

function commandCandidate(command: Command): Candidate {
  return { value: command.name(), description: command.summary() };
}
