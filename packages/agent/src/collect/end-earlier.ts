import { readdir, readFile } from "node:fs/promises";
import type { Host } from "../host/host.ts";

/**
 * Ends the collects of the same run directory whose receiver is gone: cut off, they hang on a pipe that nobody reads
 * until the cluster notices, and twenty of them fill the sidecar's memory.
 */
export async function endEarlierCollects(runDirectory: string | null, host: Host): Promise<void> {
  if (runDirectory === null || host.platform !== "linux") return;
  for (const name of await readdir("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === host.pid) continue;
    if (isCollectOf(await commandLineOf(name), runDirectory)) host.signal(pid, "SIGKILL");
  }
}

async function commandLineOf(pid: string): Promise<readonly string[]> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
  } catch {
    // It has just ended, or is somebody else's.
    return [];
  }
}

function isCollectOf(words: readonly string[], runDirectory: string): boolean {
  const option = words.indexOf("--run-dir");
  return (
    words.slice(0, option + 1).includes("collect") && option !== -1 && words[option + 1] === runDirectory
  );
}
