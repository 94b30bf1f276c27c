import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

/** A real pipe: its reading end as a stream, and the end that the command gets. */
interface Pipe {
  readonly reader: Readable;
  readonly writeFd: number;
  closeWriter(): void;
}

export interface CommandPipes {
  readonly stdout: Pipe;
  readonly stderr: Pipe;
}

/** Program and first arguments of what makes FIFOs; open to all users, as the command may give up its own. */
export type FifoMaker = readonly [program: string, ...args: string[]];

/**
 * Makes the command's pipes from FIFOs, which lose their names at once. Node itself would connect the command by
 * sockets, and opening /dev/stdout or /dev/stderr, as many scripts do, fails with ENXIO on a socket. Gives
 * undefined where there is no such program or the directory cannot hold FIFOs.
 */
export async function createPipes(
  directory: string,
  [program, ...args]: FifoMaker,
  path: string | undefined,
): Promise<CommandPipes | undefined> {
  const [stdout, stderr] = [join(directory, "stdout.fifo"), join(directory, "stderr.fifo")];
  await remove(stdout, stderr);
  try {
    await promisify(execFile)(program, [...args, stdout, stderr], {
      env: { PATH: path ?? "/bin:/usr/bin" },
    });
    return { stdout: openPipe(stdout), stderr: openPipe(stderr) };
  } catch {
    // Sockets serve as well, but for /dev/stdout; the caller takes them.
    return undefined;
  } finally {
    await remove(stdout, stderr);
  }
}

function openPipe(file: string): Pipe {
  const readFd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeFd = openSync(file, constants.O_WRONLY);
  const reader = new Socket({ fd: readFd, readable: true, writable: false });
  return { reader, writeFd, closeWriter: () => closeSync(writeFd) };
}

async function remove(...files: string[]): Promise<void> {
  for (const file of files) await rm(file, { force: true });
}
