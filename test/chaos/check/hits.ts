import { isOutage, type FaultKind } from "../plan/fault-kinds.ts";
import type { Fault, History, Run, SeenTask } from "./history.ts";

/** Who drove an attempt, from when until when. */
export interface Driving {
  readonly pid: number;
  readonly from: number;
  readonly to: number;
  /** Why this one's time ended. */
  readonly end: "taken-over" | "released" | "finished" | "open";
}

/** Kinds of faults that hit one attempt: for what is not here, there is no excuse. */
export type Hits = ReadonlySet<FaultKind | "driver">;

const pidOf = (driver: unknown) => Number(/:(\d+)$/.exec(String(driver))?.[1] ?? Number.NaN);

/** The drivers of an attempt, one after the other, as its events tell. */
export function drivingsOf({ events }: Pick<SeenTask, "events">, number: number): readonly Driving[] {
  const drivings: Driving[] = [];
  let current: { readonly pid: number; readonly from: number } | undefined;
  const end = (at: number, how: Driving["end"]) => {
    if (current) drivings.push({ ...current, to: at, end: how });
    current = undefined;
  };
  for (const { type, time, attempt, data } of events) {
    if (attempt !== number) continue;
    const at = Date.parse(time);
    if (type === "AttemptTakenOver") end(at, "taken-over");
    if (type === "AttemptStarted" || type === "AttemptTakenOver")
      current = { pid: pidOf(data["driver"]), from: at };
    if (type === "AttemptReleased") end(at, "released");
    if (type === "AttemptFinished") end(at, "finished");
  }
  end(Number.POSITIVE_INFINITY, "open");
  return drivings;
}

/** Clocks of processes are read at other moments than the events' are written. */
const tolerance = 2000;

export interface Death {
  readonly pid: number;
  readonly at: number;
  /** What the process could be hit by again before its death. */
  readonly how: string;
}

/** Processes that died, and that stood still past their lease: who drove with them has to be replaced. */
export function deathsOf({
  faults,
  runs,
  tasks,
}: Pick<History, "faults" | "runs" | "tasks">): readonly Death[] {
  const all: readonly Run[] = [...runs, ...tasks.flatMap((task) => task.runs)];
  const killed = all
    .filter(({ signal }) => signal === "SIGKILL")
    .map(({ pid, to, crashPoint }) => ({ pid, at: to, how: crashPoint ?? "SIGKILL" }));
  const stopped = faults.flatMap(({ kind, pid, at }) =>
    kind === "stop-past-lease" && pid !== undefined ? [{ pid, at, how: "SIGSTOP" }] : [],
  );
  return [...killed, ...stopped];
}

/** Each driver has connections to the cluster, and loses all of them at once. */
function hitsAll(kind: FaultKind): boolean {
  return isOutage(kind) || kind === "cut-cluster";
}

/** The faults that hit one attempt, by what they name and, where they hit everything, by time. */
export function hitsOf(
  history: Pick<History, "faults">,
  deaths: readonly Death[],
  task: SeenTask,
  number: number,
): Hits {
  const drivings = drivingsOf(task, number);
  const [id] = task.found.map((found) => found.id);
  const from = Math.min(...drivings.map((driving) => driving.from)) - tolerance;
  const to = Math.max(...drivings.map((driving) => driving.to)) + tolerance;
  const hits = new Set<FaultKind | "driver">();
  const isWithin = (fault: Fault) => fault.at <= to && fault.until >= from;
  for (const fault of history.faults) {
    const isNamed = fault.attempt?.taskId === id && fault.attempt?.number === number;
    if (isNamed || (fault.attempt === undefined && hitsAll(fault.kind) && isWithin(fault)))
      hits.add(fault.kind);
  }
  const isHit = drivings.some(({ pid, from: since, to: until }) =>
    deaths.some(
      (death) => death.pid === pid && death.at >= since - tolerance && death.at <= until + tolerance,
    ),
  );
  if (isHit) hits.add("driver");
  return hits;
}
