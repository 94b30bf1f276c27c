import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { frameHeaderBytes, runFiles } from "@keruta/shared/domain";
import type { SidecarOptions } from "../arguments/sidecar-arguments.ts";
import { readReport } from "../report/read-report.ts";

/**
 * The kubelet begins another file after 10 MiB, and a follower that comes late sees that one only. In its file a line
 * has 45 bytes more than the command wrote, in the spool 24: a spool below this is far from there.
 */
const wholeInFirstFile = 1 << 20;

/**
 * What a driver may still have to fetch after the main container's end, in words; null where there is nothing.
 */
export async function whatIsWanted(options: SidecarOptions): Promise<string | null> {
  const { runDirectory, unwrapped, upload } = options;
  if (!(await hasStarted(options))) return null;
  if (!upload && (await areArtifactsWanted(options))) return "artifacts";
  if (unwrapped) return null;

  const report = await readReport(runDirectory);
  // Killed, with its memory perhaps: what it knew is in the spool alone.
  if (!report) return "what the agent left, which ended without a report";
  const logBytes = report.stdout.bytes + report.stderr.bytes + report.sequence * frameHeaderBytes;
  return logBytes < wholeInFirstFile ? null : `a log of ${String(logBytes)} bytes`;
}

/**
 * Whether the driver waits for an upload: also where the agent left no report, since then nobody knows whether there
 * are artifacts.
 */
export async function isUploadWanted(options: SidecarOptions): Promise<boolean> {
  if (!(await hasStarted(options))) return false;
  return (await areArtifactsWanted(options)) || !(await readReport(options.runDirectory));
}

/** False where the Pod was ended before the main container was started. */
async function hasStarted({ runDirectory, unwrapped }: SidecarOptions): Promise<boolean> {
  return unwrapped || Boolean(await sizeOf(join(runDirectory, runFiles.start)));
}

async function areArtifactsWanted(options: SidecarOptions): Promise<boolean> {
  const { runDirectory, artifactsDirectory, patterns } = options;
  if (patterns.length > 0) return true;
  if (artifactsDirectory !== null && !(await isEmpty(artifactsDirectory))) return true;
  return Boolean(await sizeOf(join(runDirectory, runFiles.artifacts)));
}

async function isEmpty(directory: string): Promise<boolean> {
  return ((await readdir(directory).catch(missing)) ?? []).length === 0;
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(missing))?.size;
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
