import type { ArtifactSummary } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import {
  maxArtifactEntries,
  receiveArtifacts,
  usualListBytes,
  type MayAskAgain,
  type OpenArtifacts,
} from "../artifacts/index.ts";
import type { RunnerDeps } from "./deps.ts";
import { artifactDirectory, keepEarlier } from "./earlier-artifacts.ts";
import { recordArtifacts, summaryOf } from "./record-artifacts.ts";

export interface CollectArtifacts {
  readonly claim: Claim;
  /** Where collected artifacts lie: `<store>/<id>/<attempt>`. */
  readonly store: string;
  /** True where the task names artifacts, so that none is worth a word. */
  readonly wantsArtifacts: boolean;
  /** Starts `keruta-agent collect`. */
  readonly open: OpenArtifacts;
  readonly mayAskAgain?: MayAskAgain;
  /** A run of the sender that was cut brought something new. */
  readonly onBrought?: () => void;
  readonly lost: AbortSignal;
}

type CollectDeps = Pick<RunnerDeps, "queue" | "settings" | "observer" | "random" | "timers">;

/**
 * Brings the artifacts into the store, whole and verified, over whatever stream the runner has to the agent.
 * null where the task names none and the command left none.
 */
export async function collectArtifacts(
  deps: CollectDeps,
  {
    claim,
    store,
    wantsArtifacts,
    open,
    mayAskAgain = () => Promise.resolve(false),
    onBrought,
    lost,
  }: CollectArtifacts,
): Promise<ArtifactSummary | null> {
  const { attempt, lease } = claim;
  // Brought and told by a driver that died before it settled: the sender was let go, and cannot be asked again.
  if (attempt.artifacts && attempt.artifacts.status !== "Failed") return attempt.artifacts;
  const total = deps.settings.artifactMaxTotalBytes;
  const stall = createStallTimer(deps);
  const directory = artifactDirectory(store, lease);
  const received = await receiveArtifacts({
    open,
    // What is waited for there is not the sender's time.
    mayAskAgain: async (why) => {
      stall.pause();
      try {
        return await mayAskAgain(why);
      } finally {
        stall.restart();
      }
    },
    onBrought,
    directory,
    owner: deps.queue.uid,
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
    stall.end();
  });
  if (received.status === "Failed" && !received.isDisplaced) {
    const earlier = await keepEarlier(deps, lease, directory, received.message);
    if (earlier) return earlier;
  }
  if (!wantsArtifacts && received.status !== "Failed" && received.files.length === 0) return null;
  return recordArtifacts(deps.queue, lease, received.files, summaryOf(received, received.files));
}

/** A sender that says nothing for so long hangs: the attempt's result must not wait for it. */
const stallLimit = 60_000;

function createStallTimer({ timers }: Pick<RunnerDeps, "timers">) {
  const controller = new AbortController();
  let hasEnded = false;
  let stop = () => {};
  const restart = () => {
    stop();
    if (hasEnded) return;
    stop = timers.after(stallLimit, () => {
      controller.abort(new Error(`nothing came for ${String(stallLimit / 1000)} s`));
    });
  };
  restart();
  return {
    signal: controller.signal,
    restart,
    pause: () => {
      stop();
    },
    end: () => {
      hasEnded = true;
      stop();
    },
  };
}
