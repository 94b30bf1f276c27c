import { execFile } from "node:child_process";
import { promisify } from "node:util";

const start = promisify(execFile);

/** Runs a program to its end and gives its stdout; a failure carries what it said on stderr. */
export async function run(file: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const { stdout } = await start(file, [...args], { cwd, maxBuffer: 64 << 20 });
    return stdout;
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT") throw new MissingProgram(file);
    throw new Error(`${file} ${args.join(" ")}\n${stderr.trim()}`, { cause: error });
  }
}

const packages: Readonly<Record<string, string>> = {
  cc: "gcc libc6-dev",
  gcc: "gcc libc6-dev",
  "aarch64-linux-gnu-gcc": "g++-aarch64-linux-gnu",
  "x86_64-linux-gnu-gcc": "g++-x86-64-linux-gnu",
  readelf: "binutils",
  buildah: "buildah",
};

/** Said in one line: what is missing and where Debian has it. */
class MissingProgram extends Error {
  constructor(file: string) {
    super(`images: ${file} is missing; on Debian: apt-get install ${packages[file] ?? file}`);
  }
}
