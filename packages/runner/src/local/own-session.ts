import { readdir, readFile } from "node:fs/promises";
import { codeOf } from "@keruta/shared/domain";

/**
 * True where processes live in the session of this number that are certainly the attempt's: its number is not given
 * again while one lives, but may be another's after the last. One of them has a variable that only this attempt has.
 * False where that cannot be told: of processes that cleared their environment, of other users, without a /proc.
 */
export async function holdsOwnSession(session: number, variable: string): Promise<boolean> {
  for (const name of (await unlessHidden(readdir("/proc"))) ?? []) {
    if (!/^\d+$/.test(name) || !(await livesIn(session, name))) continue;
    const environment = (await unlessHidden(readFile(`/proc/${name}/environ`, "utf8"))) ?? "";
    if (environment.split("\0").includes(variable)) return true;
  }
  return false;
}

/** Fields 3 and 6 of proc_pid_stat(5); the name before them may hold brackets and spaces. */
async function livesIn(session: number, pid: string): Promise<boolean> {
  const stat = (await unlessHidden(readFile(`/proc/${pid}/stat`, "latin1"))) ?? "";
  const [state = "", , , itsSession] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return itsSession === String(session) && !"ZX".includes(state);
}

async function unlessHidden<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    // It ended meanwhile, or is somebody else's.
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}
