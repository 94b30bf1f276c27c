import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { maxArtifactEntries, removeUnused, type ReceivedArtifacts } from "@keruta/runner/artifacts";
import type { UploadStart } from "@keruta/shared/api";
import {
  completeSpec,
  isKerutaError,
  type ArtifactSummary,
  type Settings,
  type Task,
} from "@keruta/shared/domain";
import type { AttemptKey } from "@keruta/shared/queue";
import type { ServerDeps } from "../deps/env.ts";
import { createReception, type Place, type Reception } from "./reception.ts";
import { cutShort, notWaitedFor } from "./refusals.ts";

/** Artifacts that agents upload, each attempt's by itself. */
export interface Uploads {
  /** Begins an upload, or goes on with one: a stream of it that is still read is cut. */
  begin(of: AttemptKey, task: Task, settings: Settings): Promise<UploadStart>;
  /**
   * Takes one stream, to the stored and recorded list where it is whole. Throws KRT_ARTIFACT_STREAM where it was cut,
   * or does not begin where it must; KRT_ATTEMPT_SETTLED where the attempt got its result meanwhile.
   */
  take(of: AttemptKey, place: Place, body: ReadableStream<Uint8Array>): Promise<ArtifactSummary>;
}

type UploadDeps = Pick<ServerDeps, "queue" | "reports" | "artifactRoot" | "random" | "stopping">;

interface Upload {
  readonly reception: Reception;
  /** undefined where the reception was left. */
  readonly recorded: Promise<ArtifactSummary | undefined>;
}

const endings = ["KRT_ATTEMPT_SETTLED", "KRT_ATTEMPT_NOT_FOUND"] as const;

/** A sender that was cut comes back within seconds. */
const usualIdleLimit = 60_000;

/** Of one attempt: many may upload at a time, and any of them may mean harm. Some 80,000 files of usual names. */
const listBytes = 16 * 1024 * 1024;

export function createUploads(deps: UploadDeps, idleLimit = usualIdleLimit): Uploads {
  const { queue, reports, random, stopping } = deps;
  const live = new Map<string, Upload>();

  const told = async ({ taskId, number }: AttemptKey) =>
    (await queue.attemptReport(taskId, number))?.artifacts;
  const start = async (of: AttemptKey, limits: Limits): Promise<Upload> => {
    const directory = join(await deps.artifactRoot(), of.taskId, String(of.number));
    const known = live.get(keyOf(of));
    if (known) return known;
    const { maxBytes: fileBytes, maxTotalBytes: totalBytes } = limits;
    const reception = createReception({
      directory,
      owner: queue.uid,
      limits: { entries: maxArtifactEntries, fileBytes, totalBytes, listBytes },
      random,
      stopping,
      idleLimit,
    });
    const recorded = reception.outcome
      .then((received) => received && record(of, received, directory))
      .finally(() => live.delete(keyOf(of)));
    // Whoever takes the last stream meets it.
    recorded.catch(() => undefined);
    const upload = { reception, recorded };
    live.set(keyOf(of), upload);
    return upload;
  };
  const record = async (of: AttemptKey, received: ReceivedArtifacts, directory: string) => {
    const { status, files, bytes, message } = received;
    const stored = files.filter(({ skipped }) => skipped === null).length;
    try {
      return await reports.recordArtifacts(of, files, { status, files: stored, bytes, message });
    } catch (error) {
      if (await isNobodys(of, error)) {
        await rm(directory, { recursive: true, force: true });
        await removeUnused(dirname(directory));
      }
      throw error;
    }
  };
  /** The attempt ended without them. After any other error they may be recorded all the same, by this call or another server. */
  const isNobodys = async ({ taskId, number }: AttemptKey, error: unknown) => {
    if (!endings.some((code) => isKerutaError(error, code))) return false;
    const recorded = await queue.listArtifacts(taskId, number).catch(() => undefined);
    return recorded?.length === 0;
  };

  return {
    async begin(of, task, settings) {
      const limits = limitsOf(task, settings);
      const nothing = { from: 0, offset: 0, ...limits };
      const known = await told(of);
      if (known) return { taken: known, ...nothing };
      const upload = await start(of, limits);
      const place = await upload.reception.next();
      if (place) return { taken: null, ...place, ...limits };
      const taken = await upload.recorded;
      if (!taken) throw cutShort();
      return { taken, ...nothing };
    },
    async take(of, place, body) {
      const upload = live.get(keyOf(of));
      const end = (await upload?.reception.take(place, body)) ?? "unexpected";
      const taken = end === "over" ? await upload?.recorded : await told(of);
      if (taken) return taken;
      throw end === "unexpected" ? notWaitedFor(place) : cutShort();
    },
  };
}

interface Limits {
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
}

function limitsOf({ spec }: Task, settings: Settings): Limits {
  const { maxFileBytes, maxTotalBytes } = completeSpec(spec, settings).artifacts;
  return { maxBytes: Math.min(maxFileBytes, maxTotalBytes), maxTotalBytes };
}

function keyOf({ taskId, number }: AttemptKey): string {
  return `${taskId}/${String(number)}`;
}
