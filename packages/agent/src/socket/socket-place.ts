import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `sun_path` without its NUL: 107 bytes on Linux, 103 on macOS. */
const maxPathBytes = 103;

export interface SocketPlace {
  readonly path: string;
  remove(): Promise<void>;
}

/** A path for a socket: in the run directory, or in a directory of its own where that path is too long. */
export async function chooseSocketPlace(runDirectory: string, name: string): Promise<SocketPlace> {
  const inside = join(runDirectory, name);
  if (Buffer.byteLength(inside) <= maxPathBytes) {
    await rm(inside, { force: true });
    return { path: inside, remove: () => rm(inside, { force: true }) };
  }
  const directory = await mkdtemp(join(tmpdir(), "keruta-"));
  return {
    path: join(directory, name),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
