import type { Command, Option } from "commander";
import type { Context } from "../../context/context.ts";
import type { GlobalOptions } from "../../context/globals.ts";
import { buildProgram } from "../../command-line/build.ts";
import type { CommandEntry } from "../../command-line/entry.ts";
import { createGlobalOptions } from "../../command-line/global-options.ts";
import { readCommandLine } from "../../command-line/read-command-line.ts";
import type { Line } from "../../command-line/read-line.ts";
import { candidatesFor, type Candidate } from "./candidates.ts";

export interface CompleteOptions {
  readonly context: Context;
  readonly registry: readonly CommandEntry[];
  /** After `keruta`, the last one being what is typed now, perhaps empty. */
  readonly words: readonly string[];
}

/** Longer than this and the user has typed it himself. */
const patienceMilliseconds = 500;

/**
 * `value TAB description` lines on stdout. Whatever goes wrong, nothing is said: the user is in the middle of a line.
 * What it began may still be under way when it resolves: whoever called ends the process.
 */
export async function complete(options: CompleteOptions): Promise<number> {
  const { context, words } = options;
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
  const line = await readCommandLine(context, registry, words.slice(0, -1));
  context.configure({ ...globalsOf(context, line), quiet: true });
  // What follows `--` is another program's command line.
  if (line.trailing) return [];
  const program = await buildProgram(context, registry, line.path);
  const command = commandAt(program, line.path);
  const options = [...new Set([...command.options, ...program.options])];
  if (line.expecting) return await candidatesFor(context, placeholderOf(line.expecting), command);
  const inline = /^(--[a-z-]+)=/.exec(typed)?.[1];
  const inlineOption = options.find(({ long }) => long === inline);
  if (inline !== undefined && inlineOption) {
    const values = await candidatesFor(context, placeholderOf(inlineOption), command);
    return values.map(({ value, ...rest }) => ({ ...rest, value: `${inline}=${value}` }));
  }
  if (typed.startsWith("-")) return optionCandidates(options);
  const given = line.operands.length;
  const commands = given === 0 ? command.commands.map(commandCandidate) : [];
  const argument = command.registeredArguments[Math.min(given, command.registeredArguments.length - 1)];
  if (!argument || (given >= command.registeredArguments.length && !argument.variadic)) return commands;
  return [...commands, ...(await candidatesFor(context, argument.name(), command))];
}

function commandAt(program: Command, path: Line["path"]): Command {
  let command = program;
  for (const { name } of path) {
    command = command.commands.find((candidate) => candidate.name() === name) ?? command;
  }
  return command;
}

/** Those of the line decide which queue is asked, as whom, and in which words. */
function globalsOf({ translate }: Context, { given }: Line): GlobalOptions {
  const names = new Set(createGlobalOptions(translate).map((option) => option.attributeName()));
  return Object.fromEntries(
    given
      .filter(({ option }) => names.has(option.attributeName()))
      .map(({ option, value }) => [option.attributeName(), value ?? true]),
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
