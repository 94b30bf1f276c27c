import { setTimeout as pause } from "node:timers/promises";
import type { Role } from "../check/history.ts";
import { crashPointsFor } from "../plan/crash-points.ts";
import type { FaultKind } from "../plan/fault-kinds.ts";
import type { PlannedFault } from "../plan/plan-faults.ts";
import { signal } from "../world/fleet.ts";
import type { Round } from "../world/round-state.ts";
import { lasting, target, type BringAbout } from "./choose.ts";

/** kill -9 of a process of this kind. */
function kill(...roles: readonly Role[]): BringAbout {
  return async ({ fleet, record }, planned) => {
    const live = target(fleet.live(...roles), planned);
    if (!live || !signal(live, "SIGKILL")) return false;
    const at = Date.now();
    record({
      kind: planned.kind,
      at,
      until: at,
      what: `${live.role} ${String(live.pid)} ${live.key ?? ""}`,
      pid: live.pid,
    });
    return true;
  };
}

/** The next one of this kind kills itself at a point; what is recorded is its death. */
function arm(of: "submit" | "add" | "worker" | "server"): BringAbout {
  return async (round, planned) => {
    const point = target(crashPointsFor(of, round.servers !== null), planned);
    const queue = armedOf(round, of);
    if (point === undefined || queue === undefined || queue.length >= mostArmed) return false;
    queue.push(point);
    return true;
  };
}

/** More would make crash points of all of them. */
const mostArmed = 3;

function armedOf(
  { armed, workers, servers }: Round,
  of: "submit" | "add" | "worker" | "server",
): string[] | undefined {
  if (of === "worker") return workers.armed;
  return of === "server" ? servers?.armed : armed[of];
}

/** Stands still for so long, and goes on as if nothing had been. */
async function stopFor(
  round: Round,
  planned: PlannedFault,
  roles: readonly Role[],
  milliseconds: number,
): Promise<boolean> {
  const live = target(round.fleet.live(...roles), planned);
  if (!live || !signal(live, "SIGSTOP")) return false;
  const at = Date.now();
  await pause(milliseconds, undefined, { signal: round.calm }).catch(() => undefined);
  signal(live, "SIGCONT");
  const what = `${live.role} ${String(live.pid)} for ${String(Date.now() - at)} ms`;
  round.record({ kind: planned.kind, at, until: Date.now(), what, pid: live.pid });
  return true;
}

export const driverFaults = {
  "kill-submit": kill("submit", "attach", "wait", "add", "cancel"),
  "kill-worker": kill("worker"),
  "kill-server": kill("server"),
  "crash-submit": arm("submit"),
  "crash-add": arm("add"),
  "crash-worker": arm("worker"),
  "crash-server": arm("server"),
  "pause-driver": (round, planned) =>
    stopFor(round, planned, ["submit", "attach", "worker", "server"], lasting(planned, 100, 5000)),
  "stop-past-lease": (round, planned) =>
    stopFor(round, planned, ["worker"], lasting(planned, 65_000, 80_000)),
} as const satisfies Partial<Record<FaultKind, BringAbout>>;
