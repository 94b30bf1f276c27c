import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the memory controller counted so far, null where it cannot be read. */
export interface MemoryCounts {
  readonly oomKills: number | null;
  readonly peakBytes: number | null;
}

type ReadText = (path: string) => string | undefined;

/** Reads the agent's own cgroup, version 2 or 1. In a container that is the container's. */
export function readMemoryCounts(read: ReadText = readText): MemoryCounts {
  const groups = read("/proc/self/cgroup") ?? "";
  const v1 = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m.exec(groups)?.[1];
  const path = v1 ?? /^0::(.*)$/m.exec(groups)?.[1];
  if (path === undefined) return { oomKills: null, peakBytes: null };
  const root = v1 === undefined ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
  const [events, peak] =
    v1 === undefined ? ["memory.events", "memory.peak"] : ["memory.oom_control", "memory.max_usage_in_bytes"];
  // In a container the path may be the host's, and the mount begins at the container's own group.
  const from = (name: string) => read(join(root, path, name)) ?? read(join(root, name));
  return {
    oomKills: numberIn(from(events), /^oom_kill (\d+)$/m),
    peakBytes: numberIn(from(peak), /^(\d+)$/m),
  };
}

function numberIn(text: string | undefined, pattern: RegExp): number | null {
  const digits = text === undefined ? undefined : pattern.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // No such controller or file here: the number is not known.
    return undefined;
  }
}
