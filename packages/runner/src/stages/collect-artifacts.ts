import { join } from "node:path";
import type { ArtifactSummary } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import {
  maxArtifactEntries,
  receiveArtifacts,
  usualListBytes,
  type OpenArtifacts,
} from "../artifacts/index.ts";
import type { RunnerDeps } from "./deps.ts";

export interface CollectArtifacts {
  readonly claim: Claim;
  /** Where collected artifacts lie: `<store>/<id>/<attempt>`. */
  readonly store: string;
  /** True where the task names artifacts, so that none is worth a word. */
  readonly wantsArtifacts: boolean;
  /** Starts `keruta-agent collect`; how long that may take is for it to say. */
  readonly open: OpenArtifacts;
  readonly lost: AbortSignal;
}

/**
 * Brings the artifacts into the store, whole and verified, over whatever stream the runner has to the agent.
 * null where the task names none and the command left none.
 */
export async function collectArtifacts(
  deps: RunnerDeps,
  { claim, store, wantsArtifacts, open, lost }: CollectArtifacts,
): Promise<ArtifactSummary | null> {
  const { task, attempt, lease } = claim;
  const total = deps.settings.artifactMaxTotalBytes;
  const stall = createStallTimer(deps);
  const received = await receiveArtifacts({
    open: async (...place) => {
      stall.stop();
      const stream = await open(...place);
      stall.restart();
      return stream;
    },
    directory: join(store, task.id, String(attempt.number)),
    limits: {
      entries: maxArtifactEntries,
      fileBytes: total,
      totalBytes: total,
      listBytes: usualListBytes,
    },
    random: deps.random,
    signal: AbortSignal.any([lost, stall.signal]),
    onProgress: (progress) => {
      stall.restart();
      deps.observer.artifacts(progress);
    },
  }).finally(() => {
    stall.stop();
  });
  if (!wantsArtifacts && received.status !== "Failed" && received.files.length === 0) return null;
  await deps.queue.recordArtifacts(lease, received.files);
  const { status, bytes, message } = received;
  return { status, files: received.files.filter((file) => file.skipped === null).length, bytes, message };
}

/** A sender that says nothing for so long hangs: the attempt's result must not wait for it. */
const stallLimit = 60_000;

function createStallTimer({ timers }: RunnerDeps) {
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
