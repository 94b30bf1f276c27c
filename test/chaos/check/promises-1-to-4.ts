import { exitCodeOf, isTerminal, type Attempt } from "../../../packages/shared/src/domain/index.ts";
import { isOutage, type FaultKind } from "../plan/fault-kinds.ts";
import { endingsOf, findEnding } from "./endings.ts";
import type { Death } from "./hits.ts";
import { hitsOf } from "./hits.ts";
import type { Breach, History, Run, SeenTask } from "./history.ts";

/** An accepted task is there, once. */
export function checkAccepted({ plan: { key }, acceptedAs, found }: SeenTask): readonly Breach[] {
  const say = (what: string): Breach => ({ promise: 1, key, what });
  const breaches: Breach[] = [];
  if (acceptedAs !== null && !found.some(({ id }) => id === acceptedAs)) {
    breaches.push(say(`${acceptedAs} was accepted and is not in the queue`));
  }
  if (found.length > 1) breaches.push(say(`one request made ${String(found.length)} tasks`));
  return breaches;
}

/** One result an attempt, the same for ever; attempts and task go on from each other as their rules say. */
export function checkResults(history: History, deaths: readonly Death[], seen: SeenTask): readonly Breach[] {
  const { plan, events, attempts, cancelledAt } = seen;
  const [task] = seen.found;
  if (!task) return [];
  const breaches: Breach[] = [];
  const say = (what: string) => breaches.push({ promise: 2, key: plan.key, what });
  const count = (type: string, attempt?: number) =>
    events.filter((event) => event.type === type && (attempt === undefined || event.attempt === attempt))
      .length;
  if (isTerminal(task.status) && count("TaskFinished") !== 1)
    say(`it finished ${String(count("TaskFinished"))} times`);

  for (const { attempt, first } of attempts) {
    const { number } = attempt;
    const name = `attempt ${String(number)}`;
    if (attempt.finishedAt === null) continue;
    if (count("AttemptFinished", number) !== 1)
      say(`${name} finished ${String(count("AttemptFinished", number))} times`);
    if (first && JSON.stringify(first) !== JSON.stringify(attempt))
      say(`the result of ${name} changed: ${JSON.stringify(first)}`);
    const hits = hitsOf(history, deaths, seen, number);
    const endings = endingsOf(plan, number, hits, cancelledAt !== null);
    if (!findEnding(endings, attempt)) {
      const allowed = [
        ...new Set(endings.map(({ reason, exitCode }) => `${reason} (${String(exitCode)})`)),
      ].join(", ");
      say(
        `${name} ended with ${String(attempt.reason)} (${String(attempt.exitCode)}): ${attempt.message}; ` +
          `hit by ${[...hits].join(", ") || "nothing"} it may end with ${allowed}`,
      );
    }
    const isLast = number === attempts.at(-1)?.attempt.number;
    const mayGoOn = number < plan.attempts && isRetried(plan.retryOn, attempt) && cancelledAt === null;
    if (!isLast && !isRetried(plan.retryOn, attempt))
      say(`${name} ended with ${String(attempt.reason)} and was tried again`);
    if (isLast && mayGoOn) say(`${name} ended with ${String(attempt.reason)} and was not tried again`);
  }
  const last = attempts.at(-1)?.attempt;
  const fits =
    task.status === "COMPLETED"
      ? last?.reason === "Completed"
      : task.status === "CANCELLED"
        ? cancelledAt !== null || last?.reason === "Cancelled"
        : task.status !== "FAILED" ||
          (last !== undefined && last.reason !== "Completed" && last.reason !== "Cancelled");
  if (!fits) say(`it is ${task.status} after ${String(last?.reason)}`);
  return breaches;
}

function isRetried(on: readonly string[], { category, reason, retryable }: Attempt): boolean {
  if (reason === "Completed" || category === "user" || retryable === null) return false;
  return on.includes(String(category)) || on.includes(String(reason));
}

/** One start an attempt, and the restarts that were asked for. */
export function checkStarts({ plan, starts, attempts }: SeenTask): readonly Breach[] {
  const breaches: Breach[] = [];
  const numbers = new Set([
    ...starts.map(({ attempt }) => attempt),
    ...attempts.map(({ attempt }) => attempt.number),
  ]);
  for (const number of numbers) {
    const told = new Set(starts.filter(({ attempt }) => attempt === number).map(({ name }) => name)).size;
    const logged = attempts.find(({ attempt }) => attempt.number === number)?.log.started ?? 0;
    const most = Math.max(told, logged);
    if (most > 1 + plan.restarts) {
      const what = `attempt ${String(number)} started its command ${String(most)} times (it said so ${String(told)} times, its log ${String(logged)} times)`;
      breaches.push({ promise: 3, key: plan.key, what });
    }
  }
  return breaches;
}

/** A process that came to its own end has the stored result's code; where keruta gave up, an outage says why. */
export function checkExitCodes(history: History, { plan, found, runs }: SeenTask): readonly Breach[] {
  const [task] = found;
  const breaches: Breach[] = [];
  for (const run of runs) {
    if (!["submit", "attach", "wait"].includes(run.role) || run.signal !== null || run.crashPoint !== null)
      continue;
    const code = task ? exitCodeOf(task.status, task.attempt) : null;
    if (run.code === code || mayGiveUp(history, run)) continue;
    const what = `${run.role} (${String(run.pid)}) exited with ${String(run.code)}, the result says ${String(code)}: ${run.lastWords}`;
    breaches.push({ promise: 4, key: plan.key, what });
  }
  return breaches;
}

/** How long after a fault what it hit may still be on its way back. */
const recovery = 10_000;

/** It says itself that it could not go on, and what it needs was away then. */
function mayGiveUp({ faults }: History, { code, lastWords, from, to }: Run): boolean {
  // A process that is stopped within a write holds SQLite's lock for as long.
  if (code === 125 && lastWords.includes("KRT_DB_BUSY"))
    return faults.some(({ kind, at, until }) => kind === "stop-past-lease" && at <= to && until >= from);
  // Refused before the task was accepted, which is then tried again.
  if (code === 125 && lastWords.includes("No worker is alive")) return true;
  if (
    code !== 125 ||
    !/cannot be reached|was lost|does not answer|no space|is away|did not answer/i.test(lastWords)
  )
    return false;
  return faults.some(({ kind, at, until }) => takesAway(kind) && at <= to && until + recovery >= from);
}

const away = ["-server", "-postgres", "-cluster"];

function takesAway(kind: FaultKind): boolean {
  return isOutage(kind) || away.some((what) => kind.endsWith(what));
}
