import { join } from "node:path";
import { KerutaError, type ArtifactSummary } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { receiveArtifacts, type ArtifactStream } from "../artifacts/index.ts";
import { spawnHelper, type AgentHelper } from "./agent-helper.ts";
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
  const stall = createStallTimer(deps);
  const received = await receiveArtifacts({
    open: (from) => Promise.resolve(openCollect(deps, [...plan.collectArgs, "--from", String(from)])),
    directory: join(deps.paths.artifacts, task.id, String(attempt.number)),
    limits: {
      entries: maxEntries,
      fileBytes: deps.settings.artifactMaxTotalBytes,
      totalBytes: deps.settings.artifactMaxTotalBytes,
    },
    random: deps.random,
    signal: AbortSignal.any([lost, stall.signal]),
    onProgress: stall.restart,
  });
  stall.stop();
  if (!plan.wantsArtifacts && received.status !== "Failed" && received.files.length === 0) return null;
  await deps.queue.recordArtifacts(lease, received.files);
  const { status, bytes, message } = received;
  return { status, files: received.files.filter((file) => file.skipped === null).length, bytes, message };
}

/** A sender that says nothing for so long hangs: the attempt's result must not wait for it. */
const stallLimit = 60_000;

function createStallTimer({ timers }: LocalRunnerDeps) {
  const controller = new AbortController();
  const start = () =>
    timers.after(stallLimit, () => {
      controller.abort(new Error(`nothing came for ${String(stallLimit / 1000)} s`));
    });
  let stop = start();
  return {
    signal: controller.signal,
    restart: () => {
      stop();
      stop = start();
    },
    stop: () => {
      stop();
    },
  };
}

function openCollect(deps: LocalRunnerDeps, args: readonly string[]): ArtifactStream {
  const helper = spawnHelper(deps, ["collect", ...args]);
  return {
    bytes: wholeOrWords(helper),
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

/** A sender that could not begin says why on stderr; a stream that just ends would not tell. */
async function* wholeOrWords(helper: AgentHelper): AsyncGenerator<Uint8Array> {
  for await (const chunk of helper.stdout) yield chunk as Uint8Array;
  const { code, words } = await helper.ended;
  if (code !== 0 && words !== "") throw new KerutaError("KRT_ARTIFACT_STREAM", { en: words, ja: words });
}
