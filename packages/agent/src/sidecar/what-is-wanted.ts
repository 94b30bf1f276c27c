import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { runFiles, sidecarWaitsFor, spoolBytesOf } from "@keruta/shared/domain";
import type { SidecarOptions } from "../arguments/sidecar-arguments.ts";
import { readReport } from "../report/read-report.ts";

/** A kubelet tells of an end within two seconds, on a busy node a little later. */
const lateMilliseconds = 3000;
/** A driver that finds the log whole says nothing, and the Pod is not to wait for long. */
const graceOfLate = 30_000;

export interface Wanted {
  readonly words: string;
  /** Milliseconds that a driver has to fetch it. */
  readonly grace: number;
}

/**
 * What a driver may still have to fetch after the main container's end, of which the kubelet told at `now`; null where
 * there is nothing.
 */
export async function whatIsWanted(options: SidecarOptions, now: number): Promise<Wanted | null> {
  const { runDirectory, unwrapped, upload, grace } = options;
  if (!(await hasStarted(options))) return null;
  const artifacts = !upload && (await areArtifactsWanted(options));
  const report = artifacts || unwrapped ? null : await readReport(runDirectory);
  const waitsFor = sidecarWaitsFor({ artifacts, wrapped: !unwrapped, report });
  if (waitsFor === "artifacts") return { words: waitsFor, grace };
  if (waitsFor === "remains") return { words: "what the agent left, which ended without a report", grace };
  if (!report) return null;
  const words = `a log of ${String(spoolBytesOf(report))} bytes`;
  if (waitsFor === "log") return { words, grace };
  // Seen with containerd: what a container wrote while its runtime was away, and ended then, is in no file of it.
  const endedAt = await timeOf(join(runDirectory, runFiles.result));
  const isLate = endedAt !== undefined && now - endedAt > lateMilliseconds;
  return isLate ? { words: `${words}, whose end was told late`, grace: Math.min(grace, graceOfLate) } : null;
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

async function timeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(missing))?.mtimeMs;
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
