import { join } from "node:path";
import type { ArtifactSummary } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { receiveArtifacts, type ArtifactStream } from "../artifacts/index.ts";
import { spawnHelper } from "./agent-helper.ts";
import type { LocalRunnerDeps } from "./deps.ts";
import type { PreparedRun } from "./prepare.ts";

/** More files than anyone looks at; what goes beyond is a mistake in a glob. */
const maxEntries = 200_000;

/**
 * Brings the artifacts into the store, whole and verified, by the same stream that a Pod's exec carries.
 * null where the task names none and the command left none.
 */
export async function collectArtifacts(
  deps: LocalRunnerDeps,
  { task, attempt, lease }: Claim,
  { plan }: PreparedRun,
  lost: AbortSignal,
): Promise<ArtifactSummary | null> {
  const received = await receiveArtifacts({
    open: (from) => Promise.resolve(openCollect(deps, [...plan.collectArgs, "--from", String(from)])),
    directory: join(deps.paths.artifacts, task.id, String(attempt.number)),
    limits: {
      entries: maxEntries,
      fileBytes: deps.settings.artifactMaxTotalBytes,
      totalBytes: deps.settings.artifactMaxTotalBytes,
    },
    random: deps.random,
    signal: lost,
  });
  if (!plan.wantsArtifacts && received.status !== "Failed" && received.files.length === 0) return null;
  await deps.queue.recordArtifacts(lease, received.files);
  const { status, bytes, message } = received;
  return { status, files: received.files.filter((file) => file.skipped === null).length, bytes, message };
}

function openCollect(deps: LocalRunnerDeps, args: readonly string[]): ArtifactStream {
  const helper = spawnHelper(deps, ["collect", ...args]);
  return {
    bytes: helper.stdout,
    async acknowledge() {
      helper.stdin.end("ok\n");
      await helper.ended;
    },
    async close() {
      helper.stop();
      helper.stdout.destroy();
      await helper.ended;
    },
  };
}
