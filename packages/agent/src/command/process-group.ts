import { setTimeout as wait } from "node:timers/promises";
import type { Host } from "../host/host.ts";
import { sessionMembers } from "./process-table.ts";

/** The command and all that it started, as far as they stayed in its session. */
export interface ProcessGroup {
  signal(name: NodeJS.Signals): void;
  /** Ends what the command left behind: SIGTERM, then SIGKILL. False where something survived even that. */
  end(): Promise<boolean>;
}

const lookInterval = 20;
const terminateWithin = 2_000;
const killWithin = 2_000;

export function createProcessGroup(pid: number, host: Pick<Host, "signal">): ProcessGroup {
  const signalAll = (name: NodeJS.Signals): void => {
    host.signal(-pid, name);
    // Job control puts a shell's children into groups of their own; the session is still the command's.
    for (const member of sessionMembers(pid) ?? []) if (member !== pid) host.signal(member, name);
  };
  const isGone = (): boolean => {
    const members = sessionMembers(pid);
    return members ? members.length === 0 : !host.signal(-pid, 0);
  };
  /** No event tells of the end of a process that is not our child. */
  const goneWithin = async (milliseconds: number, again: () => void): Promise<boolean> => {
    for (let waited = 0; waited < milliseconds; waited += lookInterval) {
      if (isGone()) return true;
      await wait(lookInterval);
      again();
    }
    return isGone();
  };
  return {
    signal: (name) => void host.signal(-pid, name),
    async end() {
      if (isGone()) return true;
      signalAll("SIGTERM");
      if (await goneWithin(terminateWithin, () => undefined)) return true;
      const kill = () => {
        signalAll("SIGKILL");
      };
      kill();
      return goneWithin(killWithin, kill);
    },
  };
}
