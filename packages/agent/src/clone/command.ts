import { writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Host } from "../host/host.ts";
import { parseCloneArguments } from "./clone-arguments.ts";
import { cloneRepository } from "./clone.ts";
import type { CloneOutcome } from "./outcome.ts";

/** `start` and `task-definition` told apart for whoever sees only the code; 2 is for usage, 124 and 143 as everywhere. */
const cloneExitCodes = { done: 0, start: 1, taskDefinition: 3, timedOut: 124, stopped: 143 } as const;

/** `keruta-agent clone`: prints the commit that was checked out. */
export async function clone(args: readonly string[], host: Host): Promise<number> {
  const { request, result } = parseCloneArguments(args, host.directory);
  // The command may run as another user of the same group, in a volume that both write to.
  host.setUmask(0o002);
  const stopping = new AbortController();
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    host.onSignal(name, () => {
      stopping.abort();
    });
  }
  const outcome = await cloneRepository(request, {
    environment: host.env,
    pid: host.pid,
    platform: host.platform,
    temporaryDirectory: host.env["TMPDIR"] || "/tmp",
    clock: host.clock,
    wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
    kill: (pid, signal) => void host.signal(pid, signal),
    onLine: host.complain,
    stop: stopping.signal,
  });
  // In place: a termination message is a file that is mounted by itself and cannot be renamed over.
  if (result !== null) await writeFile(result, `${JSON.stringify(outcome)}\n`);
  if (outcome.failed) host.complain(`keruta-agent: ${outcome.message}`);
  else host.print(`${outcome.commit}\n`);
  return exitCodeOf(outcome);
}

function exitCodeOf(outcome: CloneOutcome): number {
  if (!outcome.failed) return cloneExitCodes.done;
  if (outcome.stopped !== null) {
    return outcome.stopped === "timeout" ? cloneExitCodes.timedOut : cloneExitCodes.stopped;
  }
  return outcome.category === "start" ? cloneExitCodes.start : cloneExitCodes.taskDefinition;
}
