import { isTerminal } from "../../../packages/shared/src/domain/index.ts";
import { isOutage } from "../plan/fault-kinds.ts";
import { drivingsOf, type Death } from "./hits.ts";
import type { Breach, Fault, History, SeenTask } from "./history.ts";

/** Everything has come to its end, and nothing is left behind. */
export function checkSettled({ tasks, left }: History): readonly Breach[] {
  const open = tasks.flatMap(({ plan: { key }, found }) =>
    found
      .filter(({ status }) => !isTerminal(status))
      .map(({ id, status }) => ({ promise: 7 as const, key, what: `${id} is still ${status}` })),
  );
  const overlaps = keyOverlaps(tasks);
  return [...open, ...[...left, ...overlaps].map((what) => ({ promise: 7 as const, key: null, what }))];
}

/**
 * Attempts of one concurrency key that ran at once, by the order of their events: a stamp is of the moment before the
 * claim waits for the key.
 */
function keyOverlaps(tasks: readonly SeenTask[]): readonly string[] {
  const spans = tasks.flatMap(({ plan, events }) => {
    const key = plan.concurrencyKey;
    if (key === null) return [];
    return events
      .filter(({ type }) => type === "AttemptStarted")
      .map(({ attempt, seq }) => {
        const end = events.find((event) => event.type === "AttemptFinished" && event.attempt === attempt);
        return { key, of: plan.key, from: seq, to: end?.seq ?? Number.POSITIVE_INFINITY };
      });
  });
  return spans.flatMap((one, at) =>
    spans
      .slice(at + 1)
      .filter(
        (other) => other.key === one.key && other.of !== one.of && other.from < one.to && one.from < other.to,
      )
      .map((other) => `${one.of} and ${other.of} ran at once under ${one.key}`),
  );
}

export interface Replacement {
  readonly key: string;
  readonly attempt: number;
  readonly pid: number;
  readonly how: string;
  readonly milliseconds: number;
  /** In which something was away that the next one needs. */
  readonly excused: number;
}

/** How long each attempt was without a driver after its own died. */
export function replacements({ tasks, faults }: History, deaths: readonly Death[]): readonly Replacement[] {
  return tasks.flatMap((task) =>
    task.attempts.flatMap(({ attempt: { number } }) =>
      drivingsOf(task, number).flatMap(({ pid, from, to, end }) => {
        const death = deaths.find((one) => one.pid === pid && one.at >= from && one.at < to);
        // One that stood still may also have gone on and come to its end.
        if (!death || end === "released" || (end === "finished" && death.how === "SIGSTOP")) return [];
        const excused = overlap(faults, death.at, to);
        return [
          { key: task.plan.key, attempt: number, pid, how: death.how, milliseconds: to - death.at, excused },
        ];
      }),
    ),
  );
}

/** Milliseconds of this span in which some outage was on; what came back needs a moment to be found so. */
function overlap(faults: readonly Fault[], from: number, to: number): number {
  return faults
    .filter(({ kind }) => isOutage(kind) || kind.startsWith("cut-"))
    .reduce(
      (sum, fault) => sum + Math.max(0, Math.min(to, fault.until + recovery) - Math.max(from, fault.at)),
      0,
    );
}

const recovery = 5000;
const longest = 90_000;

export function checkReplaced(history: History, deaths: readonly Death[]): readonly Breach[] {
  return replacements(history, deaths)
    .filter(({ milliseconds, excused }) => milliseconds - excused > longest)
    .map(({ key, attempt, pid, how, milliseconds, excused }) => ({
      promise: 8,
      key,
      what: `attempt ${String(attempt)} was without a driver for ${String(Math.round(milliseconds / 1000))} s after ${how} of ${String(pid)} (${String(Math.round(excused / 1000))} s of outages)`,
    }));
}

export function checkSecrets({ leaks }: History): readonly Breach[] {
  return leaks.map((what) => ({ promise: 9, key: null, what }));
}

/** What a Pod sent lies in its own directory, as files. */
export function checkInside({ tasks }: History): readonly Breach[] {
  return tasks.flatMap(({ plan: { key }, attempts }) =>
    attempts.flatMap(({ attempt, files }) =>
      files
        .filter(({ kind }) => kind !== "file")
        .map(({ path }) => ({
          promise: 10 as const,
          key,
          what: `${path} of attempt ${String(attempt.number)} is no file`,
        })),
    ),
  );
}
