import { spawn } from "node:child_process";
import { KerutaError } from "@keruta/shared/domain";
import { classifyFailure } from "./classify-failure.ts";
import { CloneError, shorten } from "./outcome.ts";
import { createProgressLines } from "./progress.ts";

export interface GitDependencies {
  /** The whole environment of git and its helpers. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly clock: () => number;
  /** Sends a signal; a negative pid is a process group. Throws ESRCH where there is none. */
  readonly kill: (pid: number, signal: "SIGTERM" | "SIGKILL") => void;
  readonly stop: AbortSignal;
  /** Gets the process group of each git. */
  readonly onStart: (pid: number) => void;
  readonly onLine: (line: string) => void;
  readonly hide: (text: string) => string;
}

export interface GitEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly words: string;
}

export interface Git {
  /** @throws CloneError where git's exit code is not 0, or the stop signal's reason. */
  run(args: readonly string[]): Promise<string>;
  /** Any exit code is an answer. */
  ask(args: readonly string[]): Promise<GitEnd>;
}

/** Milliseconds that git has to remove its lock files after SIGTERM. */
const killAfter = 5000;
/** Milliseconds to wait for pipes after git's end: a connection that ssh keeps for later may hold them open. */
const pipesAfter = 1000;
const maxStdout = 64 * 1024 * 1024;

export function createGit(deps: GitDependencies): Git {
  return {
    ask: (args) => runGit(args, deps),
    async run(args) {
      const end = await runGit(args, deps);
      if (end.exitCode === 0) return end.stdout;
      throw gitFailure(args[0] ?? "", end);
    },
  };
}

export function gitFailure(command: string, { exitCode, words }: GitEnd): CloneError {
  const { category, transient } = classifyFailure(words);
  const lastWords = words.split("\n").slice(-6).join(" ");
  const code = exitCode === null ? "a signal" : `exit code ${String(exitCode)}`;
  const message = shorten(`git ${command} failed with ${code}: ${lastWords}`);
  return new CloneError({ category, message, exitCode }, transient);
}

async function runGit(args: readonly string[], deps: GitDependencies): Promise<GitEnd> {
  const { directory, environment, stop } = deps;
  stop.throwIfAborted();
  // A group of its own: git's transports and submodule children go down with it.
  const child = spawn("git", args, {
    cwd: directory,
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const progress = createProgressLines(deps);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    if (stdout.length < maxStdout) stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    progress.write(chunk);
  });

  const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", (error: NodeJS.ErrnoException) => {
    reject(error.code === "ENOENT" ? gitMissing(error) : error);
  });
  child.once("close", resolve);
  let pipesTimer: NodeJS.Timeout | undefined;
  child.once("exit", (code) => {
    pipesTimer = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(code);
    }, pipesAfter);
  });
  if (child.pid !== undefined) deps.onStart(child.pid);
  const release = stopGroup(child.pid, deps);
  try {
    const exitCode = await ended;
    progress.end();
    stop.throwIfAborted();
    return { exitCode, stdout, words: progress.words.join("\n") };
  } finally {
    clearTimeout(pipesTimer);
    release();
  }
}

function stopGroup(pid: number | undefined, { stop, kill }: GitDependencies): () => void {
  if (pid === undefined) return () => undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const send = (signal: "SIGTERM" | "SIGKILL") => {
    try {
      kill(-pid, signal);
    } catch (error) {
      // EPERM is what macOS says of a group of zombies.
      if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM")))
        throw error;
    }
  };
  const onStop = () => {
    send("SIGTERM");
    killTimer = setTimeout(() => {
      send("SIGKILL");
    }, killAfter);
  };
  stop.addEventListener("abort", onStop, { once: true });
  return () => {
    stop.removeEventListener("abort", onStop);
    clearTimeout(killTimer);
    if (stop.aborted) send("SIGKILL");
  };
}

function gitMissing(cause: Error): KerutaError {
  return new KerutaError(
    "KRT_WORKSPACE",
    {
      en: "There is no `git` program to clone the repository with.",
      ja: "リポジトリのクローンに使う `git` がありません。",
    },
    {
      hint: {
        en: "Install git on this machine, or set keruta.git.image to an image that has it.",
        ja: "このマシンに git をインストールするか、keruta.git.image に git を含むイメージを指定してください。",
      },
      cause,
    },
  );
}
