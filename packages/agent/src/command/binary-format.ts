import { open, readdir } from "node:fs/promises";
import { codeOf } from "@keruta/shared/domain";

/** `e_machine` of ELF files that run here as they are. */
const machines: Readonly<Record<string, readonly number[]>> = {
  x64: [0x3e, 0x03],
  arm64: [0xb7, 0x28],
};
const headerBytes = 20;

/**
 * True where the kernel would answer ENOEXEC: the C library then hides it by running the file with a shell, and
 * a shell that reads a binary of another machine gives puzzling errors. Formats registered with the kernel
 * (binfmt_misc) are left to it, as is every file that cannot be read.
 */
export async function isForeignBinary(
  file: string,
  host: { platform: string; arch: string },
): Promise<boolean> {
  if (host.platform !== "linux") return false;
  const header = await readHeader(file);
  if (!header || header.subarray(0, 2).toString("latin1") === "#!") return false;
  const isElf = header.length === headerBytes && header.subarray(0, 4).toString("latin1") === "\u007fELF";
  const known = machines[host.arch];
  if (isElf && (!known || known.includes(machineOf(header)))) return false;
  return !(await hasRegisteredFormats());
}

function machineOf(header: Buffer): number {
  return header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18);
}

async function readHeader(file: string): Promise<Buffer | undefined> {
  try {
    await using handle = await open(file, "r");
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    // A file may be executable and not readable.
    if (codeOf(error) === "EACCES") return undefined;
    throw error;
  }
}

async function hasRegisteredFormats(): Promise<boolean> {
  try {
    const names = await readdir("/proc/sys/fs/binfmt_misc");
    return names.some((name) => name !== "register" && name !== "status");
  } catch {
    // Not mounted, so nothing is registered.
    return false;
  }
}
