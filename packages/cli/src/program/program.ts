import { CommanderError, type Command } from "commander";
import { simpleExitCode } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import { BrokenPipe } from "../io/io.ts";
import { writeWords } from "../io/write-words.ts";
import { fromCommander } from "../errors/commander-error.ts";
import { reportError } from "../errors/report.ts";
import { isJson } from "../command-line/format.ts";
import { buildProgram } from "../command-line/build.ts";
import type { CommandEntry } from "../command-line/entry.ts";
import { scanArguments } from "../command-line/global-options.ts";
import { registry } from "./registry.ts";

/** Runs one command line to its end; resolves with the exit code and never rejects. */
export async function runProgram(context: Context, argv: readonly string[]): Promise<number> {
  const { words, globals } = scanArguments(argv);
  context.configure(globals);
  const path = findPath(registry, words);
  try {
    if (argv[0] === "__complete") {
      const { complete } = await import("../commands/completion/complete.ts");
      return await complete({ context, registry, words: argv.slice(argv[1] === "--" ? 2 : 1) });
    }
    await execute(context, argv, words);
    return context.exitCode;
  } catch (error) {
    const passesOnExitCode = path.some((entry) => entry.passesOnExitCode);
    const code = await fail(context, error, passesOnExitCode);
    return passesOnExitCode && isSimple(argv) ? simpleExitCode(code) : code;
  } finally {
    await context.close();
  }
}

async function execute(context: Context, argv: readonly string[], words: readonly string[]): Promise<void> {
  // `keruta help task add` is `keruta task add --help`.
  const help = words[0] === "help";
  const typed = help ? [...words.slice(1), "--help"] : argv;
  const path = findPath(registry, help ? words.slice(1) : words);
  const line = path.at(-1)?.takesCommand ? withoutTrailing(context, typed) : typed;
  const program = await buildProgram(
    context,
    registry,
    path.map(({ name }) => name),
  );
  let printed = "";
  const output = { writeOut: (text: string) => (printed += text), writeErr: () => {} };
  for (const command of loaded(program)) command.configureOutput(output);
  try {
    await program.parseAsync(withHelp(line, path, words), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw fromCommander(error);
    await context.io.stdout.write(printed);
  }
}

/** A group alone, and `keruta` alone, show what they hold. */
function withHelp(
  line: readonly string[],
  path: readonly CommandEntry[],
  words: readonly string[],
): readonly string[] {
  const last = path.at(-1);
  const isGroup =
    path.length === words.length && (last === undefined || (last.commands !== undefined && !last.load));
  const asksVersion = words.length === 0 && line.some((word) => word === "-V" || word === "--version");
  return isGroup && !asksVersion && !line.some((word) => word === "-h" || word === "--help")
    ? [...line, "--help"]
    : line;
}

/** Commander cannot tell `-- COMMAND` from arguments, so it does not get to see it. */
function withoutTrailing(context: Context, line: readonly string[]): readonly string[] {
  const dashes = line.indexOf("--");
  if (dashes < 0) return line;
  context.trailing = line.slice(dashes + 1);
  return line.slice(0, dashes);
}

function isSimple(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? argv.length : end).includes("--simple-exit-code");
}

function loaded(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(loaded)];
}

function findPath(entries: readonly CommandEntry[], words: readonly string[]): readonly CommandEntry[] {
  const entry = entries.find(({ name }) => name === words[0]);
  return entry ? [entry, ...findPath(entry.commands ?? [], words.slice(1))] : [];
}

async function fail(context: Context, error: unknown, passesOnExitCode: boolean): Promise<number> {
  // Success, unless the command knows better by now: of a task that failed, say.
  if (error instanceof BrokenPipe) return context.exitCode;
  const { language, version, io, globals } = context;
  const report = reportError(error, { language, version, json: isJson(globals.output), passesOnExitCode });
  await writeWords(io.stderr, report.words);
  return report.exitCode;
}
