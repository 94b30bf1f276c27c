import type { GapEntry, LogEntry } from "@keruta/shared/domain";
import type { Lease } from "@keruta/shared/queue";
import { answeredStatus } from "../../cluster/index.ts";
import type { Pod } from "../../cluster/objects.ts";
import type { LogKeeper } from "../../follow/log-keeper.ts";
import type { ClusterRunnerDeps } from "./deps.ts";
import { pause } from "./pause.ts";
import { createRawPieces, type RawPiece } from "./raw-log/pieces.ts";
import { createReplay, type Fresh } from "./raw-log/replay.ts";
import { pointAfter, type ResumePoint } from "./raw-log/resume-point.ts";
import { storedPoint } from "./raw-log/stored-point.ts";
import { logPatience, mayHeal, readPodLog } from "./read-pod-log.ts";
import { sinceTimeOf } from "./since-time.ts";

export interface FollowRawLog {
  readonly pod: Pod;
  readonly lease: Lease;
  readonly log: LogKeeper;
  readonly containerEnded: AbortSignal;
  readonly stop: AbortSignal;
}

const firstWait = 1000;
const longestWait = 5000;
/** Reads after the end that do not bring what was taken before: the node has rotated it away. */
const readsAfterEnd = 4;
/** How much earlier than the line before it a line may be stamped, that it is still asked for. */
const overlap = 5000;
/** A log up to here is asked for from its beginning: then it does not matter how the node's clock was set. */
const readWholeBytes = 1 << 20;

/**
 * Stores the log of a container that runs without the agent as the API gives it: all of it as stdout, its lines cut
 * where the runtime cut them. A connection that was cut, and a driver that is followed by another, go on after the last
 * piece that was taken. False where the node did not give what it has to the end, which a gap then says.
 */
export async function followRawLog(
  deps: Pick<ClusterRunnerDeps, "cluster" | "queue" | "clock" | "timers" | "observer">,
  { pod, lease, log, containerEnded, stop }: FollowRawLog,
  wholeBytes = readWholeBytes,
): Promise<boolean> {
  let point = await storedPoint(deps.queue, lease, log.position);
  let wait = firstWait;
  let misses = 0;
  const container = { pod: pod.metadata.name, container: "main" };
  const patience = logPatience(deps, pod, stop);

  const take = async ({ pieces, hasGap }: Fresh) => {
    if (hasGap) await log.giveUp(gapAfter(log, deps.clock(), rotated));
    if (pieces.length === 0) return;
    const before = point?.last?.time ?? deps.clock();
    const { sequence } = log.position;
    await log.store(pieces.map((piece, index) => entryOf(piece, sequence + 1 + index, before)));
    point = pointAfter(point, pieces);
    wait = firstWait;
    patience.renew();
  };
  while (!stop.aborted) {
    const wasEnded = containerEnded.aborted;
    const replay = createReplay(point);
    const lines = createRawPieces();
    const since = log.position.stdoutBytes > wholeBytes ? sinceOf(point) : {};
    try {
      const bytes = readPodLog(deps, { log: { ...container, ...since }, containerEnded, stop });
      for await (const chunk of bytes) {
        await take(replay.push(lines.push(chunk)));
        await log.resume(null);
      }
      if (wasEnded) {
        // The last words of a container may have no newline, and are sent only when it has ended.
        await take(replay.push(lines.rest()));
        if (!replay.isPast) misses += 1;
        if (replay.isPast || misses === readsAfterEnd) {
          await take(replay.finish());
          return true;
        }
      }
    } catch (error) {
      if (stop.aborted) return false;
      if (!mayHeal(error)) throw error;
      // An API server that is away comes back, and has the log then.
      if (wasEnded && answeredStatus(error) !== undefined) {
        if (await patience.mayAskAgain(error)) continue;
        if (stop.aborted) return false;
        deps.observer.notice(unreadable(container.pod, error as Error));
        await log.giveUp(gapAfter(log, deps.clock(), notGiven));
        return false;
      }
    }
    await pause(deps, wait, wasEnded ? [stop] : [containerEnded, stop]);
    wait = Math.min(wait * 2, longestWait);
  }
  return false;
}

function sinceOf(point: ResumePoint | null): { readonly sinceTime?: string } {
  const time = point?.last?.time ?? null;
  return time === null ? {} : { sinceTime: sinceTimeOf(time - overlap) };
}

function entryOf({ time, bytes, newline }: RawPiece, sequence: number, before: number): LogEntry {
  return {
    kind: "output",
    sequence,
    time: time ?? before,
    stream: "stdout",
    level: "INFO",
    bytes,
    newline,
  };
}

const rotated = "the node rotated its log while it was not read: lines may be missing";
const notGiven = "the node did not give its log to the end: lines may be missing";

function gapAfter({ position: { sequence } }: LogKeeper, time: number, why: string): GapEntry {
  return {
    kind: "gap",
    sequence: sequence + 1,
    lastSequence: sequence + 1,
    time,
    stdoutBytes: null,
    stderrBytes: 0,
    reason: "rotated",
    why,
  };
}

function unreadable(pod: string, { message }: Error) {
  return {
    en: `the log of ${pod} cannot be read to its end: ${message}`,
    ja: `${pod} のログを最後まで読み取れません: ${message}`,
  };
}
