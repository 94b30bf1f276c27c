import type { Readable } from "node:stream";
import { codeOf, type StreamName } from "@keruta/shared/domain";
import type { RunningCommand } from "../command/start-command.ts";
import type { Journal } from "./journal.ts";
import type { StreamPipeline } from "./stream-pipeline.ts";

export interface CommandReader {
  /** Called at the command's exit; resolves when all it wrote has been taken. */
  commandEnded(): Promise<void>;
}

export interface ReadCommandDeps {
  readonly stdout: StreamPipeline;
  readonly stderr: StreamPipeline;
  readonly journal: Journal;
}

const pauseAfter = 100;
const tick = 50;
/** After the exit a pipe that a grandchild keeps open is read until it is silent this long … */
const idleAtEnd = 250;
/** … and no longer than this, or this far: a pipe held at most 1 MiB (Linux' bound) when the command ended. */
const drainAtEnd = 2_000;
const maxPipeBytes = 1 << 20;

/** Reads both streams as fast as the journal takes them. */
export function readCommand(command: RunningCommand, deps: ReadCommandDeps): CommandReader {
  const readers = [readStream("stdout", command, deps), readStream("stderr", command, deps)];
  return {
    async commandEnded() {
      const problems = await Promise.all(readers.map((reader) => reader.commandEnded()));
      deps.stdout.end();
      deps.stderr.end();
      // The command's own end stands: that some of its output is missing is an error of the log.
      for (const message of problems.filter((problem) => problem !== null))
        deps.journal.control({ type: "log", level: "ERROR", message });
    },
  };
}

interface StreamReader {
  /** Resolves as the command's reader does: with what hindered it, or null. */
  commandEnded(): Promise<string | null>;
}

function readStream(name: StreamName, command: RunningCommand, deps: ReadCommandDeps): StreamReader {
  const { journal } = deps;
  const source: Readable = command[name];
  const pipeline = deps[name];
  let silence: NodeJS.Timeout | undefined;
  let blocked = false;
  let failure: Error | null = null;
  let idle = 0;
  let readAtEnd = 0;

  const closed = new Promise<void>((resolve) => {
    source.once("close", resolve);
  });
  source.on("error", (error) => {
    failure = error;
  });
  source.on("data", (chunk: Buffer) => {
    idle = 0;
    readAtEnd += chunk.length;
    clearTimeout(silence);
    pipeline.push(chunk);
    if (pipeline.hasUnfinishedLine) silence = setTimeout(() => pipeline.pause(), pauseAfter);
    if (!journal.hasRoom) void waitForRoom();
  });
  const waitForRoom = async (): Promise<void> => {
    blocked = true;
    source.pause();
    await journal.room();
    blocked = false;
    source.resume();
  };

  return {
    async commandEnded() {
      let waited = 0;
      idle = 0;
      readAtEnd = 0;
      const look = setInterval(() => {
        // While the reader of our own output stalls, nothing is known of the pipe.
        if (blocked) return;
        idle += tick;
        waited += tick;
        if (idle >= idleAtEnd || waited >= drainAtEnd || readAtEnd > maxPipeBytes) source.destroy();
      }, tick);
      await closed;
      clearInterval(look);
      clearTimeout(silence);
      return (
        failure &&
        `The command's ${name} could not be read to its end (${codeOf(failure) ?? failure.message}).`
      );
    },
  };
}
