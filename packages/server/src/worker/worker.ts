import type { Timers } from "@keruta/runner/stages";
import type { Claim, ClaimTerms, Queue } from "@keruta/shared/queue";
import { startAnnouncing } from "./announce.ts";
import { createAttempts, type Drive } from "./attempts.ts";
import { createClaims } from "./claims.ts";
import { claimsWanted, hintPause, sleepUntil } from "./decisions.ts";
import { createDueTimes } from "./due-times.ts";
import { listenForHints } from "./hints.ts";
import { createParking, handBack } from "./parking.ts";
import type { WorkerReport } from "./report.ts";
import { createWaker, type WaitOptions } from "./waker.ts";

export interface WorkerOptions {
  readonly queue: Queue;
  readonly concurrency: number;
  /** End when nothing may be claimed now and nothing is live. */
  readonly untilEmpty: boolean;
  /**
   * What this worker can drive now. Throws while its cluster is away, and then nothing is claimed; the first time also
   * what no waiting mends.
   */
  readonly reach: () => Promise<ClaimTerms>;
  readonly drive: Drive;
  readonly report: WorkerReport;
  readonly timers: Timers;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Of [0, 1). */
  readonly random: () => number;
  readonly user: string;
}

export interface WorkerEnd {
  /** `empty`: nothing may be claimed now. */
  readonly how: "drained" | "empty";
  /** Attempts that this worker could not drive and handed back at its end. */
  readonly failed: number;
}

export interface Worker {
  /** Resolves when it was told to drain, or is done, and nothing is live. */
  run(): Promise<WorkerEnd>;
  /** Claims nothing more; what is live goes on to its end. */
  drain(): void;
  /** Drains, and leaves what is live to others. */
  handOver(): void;
}

/** Woken by an end, a release or a drain only. */
const untilWoken: WaitOptions = { longest: 60_000, hintsAfter: null };

export function createWorker(options: WorkerOptions): Worker {
  const { queue, concurrency, report, timers, clock, random } = options;
  const waker = createWaker(timers);
  const due = createDueTimes();
  const parking = createParking({ queue, timers, random, onRelease: waker.wake });
  const attempts = createAttempts({
    ...options,
    parking,
    onEnd(outcome) {
      if (outcome?.kind === "settled") due.note(outcome.task);
      waker.wake();
    },
  });
  let isDraining = false;
  let looksInVain = 0;
  let announcing: { stop(): Promise<void> } | undefined;

  const wanted = () => claimsWanted({ concurrency, live: attempts.live, parked: parking.size, isDraining });

  const claims = createClaims({
    ...options,
    onReached({ holder }) {
      report.ready(concurrency);
      announcing = startAnnouncing(queue, holder, timers);
    },
  });
  const take = async (claim: Claim) => {
    if (isDraining) await handBack(queue, claim);
    else attempts.start(claim);
  };

  /** Claims what may run now, as far as it is wanted; tells how to wait for the next look, or null for the end. */
  const look = async (): Promise<WaitOptions | null> => {
    if (wanted() === 0) return untilWoken;
    const terms = await claims.terms();
    if (typeof terms === "number") return { longest: terms, hintsAfter: null };
    const wasIdle = attempts.live === 0;
    waker.forgetHints();
    due.forget(clock());
    for (let found = 0; wanted() > 0; found += 1) {
      const claim = await claims.next(terms);
      if (typeof claim === "number") return { longest: claim, hintsAfter: null };
      if (claim) {
        looksInVain = 0;
        await take(claim);
        continue;
      }
      looksInVain += 1;
      // What ended while the queue was asked may have left something to claim.
      if (options.untilEmpty && found === 0 && wasIdle) return null;
      return { longest: sleepUntil(due.next(), clock()), hintsAfter: hintPause(looksInVain) };
    }
    return untilWoken;
  };

  const drain = () => {
    if (isDraining) return;
    isDraining = true;
    report.draining(attempts.live);
    waker.wake();
  };

  return {
    async run() {
      const hints = listenForHints(queue, timers, waker.hint);
      try {
        while (!isDraining) {
          const wait = await look();
          if (!wait) break;
          if ((await waker.wait(wait)) === "time") looksInVain = 0;
        }
        await attempts.ended();
        return { how: isDraining ? "drained" : "empty", failed: parking.size };
      } catch (error) {
        isDraining = true;
        attempts.handOver();
        await attempts.ended();
        throw error;
      } finally {
        await parking.clear();
        await announcing?.stop();
        await hints.stop();
      }
    },
    drain,
    handOver() {
      drain();
      report.handingOver(attempts.live);
      attempts.handOver();
    },
  };
}
