import { join } from "node:path";
import { podContainers, podPaths, type ArtifactSummary } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { receiveArtifacts, type ArtifactStream } from "../../artifacts/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";

export interface CollectFromPod {
  readonly claim: Claim;
  readonly pod: string;
  /** Of `keruta-agent collect`. */
  readonly collectArgs: readonly string[];
  readonly wantsArtifacts: boolean;
  readonly lost: AbortSignal;
}

/** Brings the artifacts over Pod exec into the store; null where the task names none and the command left none. */
export async function collectFromPod(
  deps: ClusterRunnerDeps,
  { claim, pod, collectArgs, wantsArtifacts, lost }: CollectFromPod,
): Promise<ArtifactSummary | null> {
  const { task, attempt, lease } = claim;
  const total = deps.settings.artifactMaxTotalBytes;
  const received = await receiveArtifacts({
    open: (from) => openCollect(deps, pod, [...collectArgs, "--from", String(from)], lost),
    directory: join(deps.artifacts, task.id, String(attempt.number)),
    limits: { entries: maxEntries, fileBytes: total, totalBytes: total },
    random: deps.random,
    signal: lost,
  });
  if (!wantsArtifacts && received.status !== "Failed" && received.files.length === 0) return null;
  await deps.queue.recordArtifacts(lease, received.files);
  const { status, bytes, message } = received;
  return { status, files: received.files.filter((file) => file.skipped === null).length, bytes, message };
}

const maxEntries = 200_000;
const answer = new TextEncoder().encode("ok\n");

async function openCollect(
  { cluster }: ClusterRunnerDeps,
  pod: string,
  args: readonly string[],
  lost: AbortSignal,
): Promise<ArtifactStream> {
  const cut = new AbortController();
  const command = [podPaths.imageAgent, "collect", ...args];
  const exec = await cluster.exec(
    { pod, container: podContainers.sidecar, command, stdin: true },
    AbortSignal.any([lost, cut.signal]),
  );
  // What it rejects with shows in the stream as well.
  exec.exitCode.catch(() => undefined);
  return {
    bytes: exec.stdout,
    acknowledge: () => exec.stdin.write(answer),
    close: () => {
      cut.abort();
      return Promise.resolve();
    },
  };
}
