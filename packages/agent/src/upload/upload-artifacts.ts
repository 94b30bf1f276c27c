import { setTimeout as sleep } from "node:timers/promises";
import type { ArtifactSummary } from "@keruta/shared/domain";
import type { AttemptApi } from "../api/attempt-api.ts";
import { backoff } from "../api/backoff.ts";
import { refusalOf } from "../api/refusal.ts";
import type { CollectOptions } from "../arguments/collect-arguments.ts";
import { archiveOf } from "../collect/archive.ts";
import type { Host } from "../host/host.ts";

export interface UploadArtifacts {
  readonly api: AttemptApi;
  readonly collect: CollectOptions;
  readonly host: Pick<Host, "random">;
  readonly signal: AbortSignal;
}

/** Why nothing was taken, for people. */
export interface NotUploaded {
  readonly problem: string;
}

/** The whole time for an upload is minutes. */
const longestWait = 5_000;

/**
 * Brings the artifacts to the server, after each cut from the first byte that is missing there, until they are taken,
 * the server refuses them for good, or the signal aborts.
 */
export async function uploadArtifacts(options: UploadArtifacts): Promise<ArtifactSummary | NotUploaded> {
  const { api, collect, host, signal } = options;
  let problem = "";
  let reached = -1;
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const { taken, ...start } = await api.beginUpload(signal);
      if (taken) return taken;
      if (start.from + start.offset > reached) failures = 0;
      reached = Math.max(reached, start.from + start.offset);
      const archive = archiveOf({
        ...collect,
        from: start.from,
        offset: start.offset,
        // What the server would refuse is listed as left out, and the rest comes.
        maxBytes: Math.min(collect.maxBytes, start.maxBytes),
        maxTotalBytes: Math.min(collect.maxTotalBytes, start.maxTotalBytes),
      });
      return await api.upload(start, archive, signal);
    } catch (error) {
      if (signal.aborted) break;
      problem = error instanceof Error ? error.message : String(error);
      const refusal = refusalOf(error);
      if (refusal.kind === "over" || refusal.kind === "dropped") return { problem };
      const least = refusal.kind === "away" ? refusal.retryAfter : 0;
      const wait = Math.max(least, backoff(failures, host.random, longestWait));
      // Aborted: there is no time left.
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
  return { problem: problem === "" ? "there was no time" : problem };
}
