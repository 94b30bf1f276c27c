import { spawn, type ChildProcess } from "node:child_process";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { findExecutable } from "./find-executable.ts";
import { createPipes, type FifoMaker } from "./pipes.ts";
import { startFailure, type StartFailure } from "./start-failure.ts";

export interface CommandExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningCommand {
  /** Also of its group and session. */
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<CommandExit>;
}

export interface StartCommandOptions {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly runDirectory: string;
  /** Program and first arguments; files follow. */
  readonly fifoMaker: FifoMaker;
  readonly agentPath: string | undefined;
  readonly platform: string;
  readonly arch: string;
}

/** Starts the command in a session of its own, with no input, and its output in pipes. */
export async function startCommand(options: StartCommandOptions): Promise<RunningCommand | StartFailure> {
  const { argv, env, directory, runDirectory, fifoMaker, agentPath } = options;
  const [name = "", ...args] = argv;
  if (!(await isDirectory(directory))) {
    return startFailure("failed", `The working directory ${directory} is not there or is not a directory.`);
  }
  const found = await findExecutable({ ...options, name, path: env["PATH"] });
  if ("startError" in found) return found;

  const pipes = await createPipes(runDirectory, fifoMaker, agentPath);
  const output: ("pipe" | number)[] = pipes ? [pipes.stdout.writeFd, pipes.stderr.writeFd] : ["pipe", "pipe"];
  try {
    const child = spawn(found.file, args, {
      argv0: name,
      cwd: directory,
      env: { ...env },
      detached: true,
      stdio: ["ignore", ...output],
    });
    const exited = new Promise<CommandExit>((resolve) => {
      child.once("exit", (exitCode, signal) => {
        resolve({ exitCode, signal });
      });
    });
    const { pid } = await spawned(child);
    const stdout = pipes?.stdout.reader ?? child.stdout;
    const stderr = pipes?.stderr.reader ?? child.stderr;
    if (!stdout || !stderr) throw new Error("The command was started without pipes.");
    return { pid, stdout, stderr, exited };
  } catch (error) {
    pipes?.stdout.reader.destroy();
    pipes?.stderr.reader.destroy();
    return failureOf(error as NodeJS.ErrnoException, found.file);
  } finally {
    pipes?.stdout.closeWriter();
    pipes?.stderr.closeWriter();
  }
}

function spawned(child: ChildProcess): Promise<{ pid: number }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    if (child.pid !== undefined) resolve({ pid: child.pid });
  });
}

function failureOf(error: NodeJS.ErrnoException, file: string): StartFailure {
  const { code } = error;
  if (code === undefined) throw error;
  switch (code) {
    case "ENOENT":
      return startFailure(
        "not-found",
        `${file} cannot be started: its interpreter or loader was not found (ENOENT).`,
      );
    case "EACCES":
    case "EPERM":
    case "ENOEXEC":
      return startFailure("not-executable", `${file} cannot be executed (${code}).`);
    case "E2BIG":
      return startFailure(
        "failed",
        `${file} cannot be started: arguments and environment are too long (E2BIG).`,
      );
    case "ERR_INVALID_ARG_VALUE":
      return startFailure(
        "failed",
        `${file} cannot be started: an argument or a variable contains a NUL character.`,
      );
    default:
      return startFailure("failed", `${file} cannot be started (${code}).`);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // The caller says that it is not there; the code adds nothing.
    return false;
  }
}
