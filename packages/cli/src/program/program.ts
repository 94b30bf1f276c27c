import { CommanderError, type Command } from "commander";
import { simpleExitCode } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import { BrokenPipe } from "../io/io.ts";
import { writeWords } from "../io/write-words.ts";
import { fromCommander } from "../errors/commander-error.ts";
import { reportError } from "../errors/report.ts";
import { isJson } from "../command-line/format.ts";
import { buildProgram } from "../command-line/build.ts";
import { earlyGlobals } from "../command-line/global-options.ts";
import { readCommandLine } from "../command-line/read-command-line.ts";
import { isGroupOf, type Line } from "../command-line/read-line.ts";
import { registry } from "./registry.ts";

/** What the scripts of the shells ask with; no wait of its outlasts it. */
export const completing = "__complete";

/** Runs one command line to its end; resolves with the exit code and never rejects. */
export async function runProgram(context: Context, argv: readonly string[]): Promise<number> {
  if (argv[0] === completing) {
    const { complete } = await import("../commands/completion/complete.ts");
    return await complete({ context, registry, words: argv.slice(argv[1] === "--" ? 2 : 1) });
  }
  let line: Line | undefined;
  try {
    line = await readCommandLine(context, registry, argv);
    context.configure(earlyGlobals(line.given));
    await execute(context, line);
    return context.exitCode;
  } catch (error) {
    const passesOnExitCode = line?.path.some((entry) => entry.passesOnExitCode) ?? false;
    const failure = await fail(context, error, passesOnExitCode);
    // What failed after the task's own failure does not hide it.
    const code = passesOnExitCode && context.exitCode !== 0 ? context.exitCode : failure;
    const isSimple = line?.given.some(({ option }) => option.long === "--simple-exit-code");
    return passesOnExitCode && isSimple ? simpleExitCode(code) : code;
  } finally {
    await context.close();
  }
}

async function execute(context: Context, line: Line): Promise<void> {
  if (line.problem) throw line.problem;
  if (takesCommand(line)) context.trailing = line.trailing ?? [];
  const program = await buildProgram(context, registry, line.path);
  let printed = "";
  const output = { writeOut: (text: string) => (printed += text), writeErr: () => {} };
  for (const command of loaded(program)) command.configureOutput(output);
  try {
    await program.parseAsync(wordsOf(line), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw fromCommander(error);
    await context.io.stdout.write(printed);
  }
}

/** What commander gets: each level sees its own options before the word of the next level, and operands after `--`. */
function wordsOf(line: Line): readonly string[] {
  const { path, globalWords, ownWords, asksHelp } = line;
  const names = path.map(({ name }) => name);
  const operands = [...line.operands, ...(takesCommand(line) ? [] : (line.trailing ?? []))];
  if (!isGroupOf(path)) {
    const help = asksHelp ? ["--help"] : [];
    return [
      ...globalWords,
      ...names,
      ...ownWords,
      ...help,
      ...(operands.length > 0 ? ["--", ...operands] : []),
    ];
  }
  // A word that names no command; `--help` would hide it.
  const [word] = operands;
  if (word !== undefined) return [...names, word];
  // A group alone, and `keruta` alone, show what they hold.
  return [...globalWords, ...names, "--help"];
}

/** Commander cannot tell `-- COMMAND` from arguments, so it does not get to see it. */
function takesCommand({ path }: Line): boolean {
  return path.at(-1)?.takesCommand === true;
}

function loaded(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(loaded)];
}

async function fail(context: Context, error: unknown, passesOnExitCode: boolean): Promise<number> {
  // Success, unless the command knows better by now: of a task that failed, say.
  if (error instanceof BrokenPipe) return context.exitCode;
  const { language, version, io, globals } = context;
  const report = reportError(error, { language, version, json: isJson(globals.output), passesOnExitCode });
  await writeWords(io.stderr, report.words);
  return report.exitCode;
}
