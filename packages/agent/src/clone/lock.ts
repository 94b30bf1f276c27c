import { open, readFile, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { startTimeOf } from "../command/process-table.ts";
import { readIfThere } from "./read-if-there.ts";
import { CloneError } from "./outcome.ts";

/** In `.git`; names that begin so are the lock's own. */
export const lockName = "keruta-clone.lock";

export interface LockDependencies {
  readonly pid: number;
  readonly platform: string;
  readonly wait: (milliseconds: number, stop: AbortSignal) => Promise<void>;
  readonly stop: AbortSignal;
  readonly kill: (pid: number, signal: "SIGKILL") => void;
}

export interface DirectoryLock extends AsyncDisposable {
  /** Notes the process group that works for the holder, so that whoever takes over from a dead one ends it. */
  noteGroup(pid: number): void;
}

/** A live holder touches the file this often (milliseconds). */
const touchEvery = 5000;
/** Untouched for so long, its holder is gone: longer than a node's usual stall, shorter than a lease. */
const staleAfter = 30_000;

interface LockHolder {
  readonly machine: string;
  readonly pid: number;
  readonly startTime: string;
  readonly group: { readonly pid: number; readonly startTime: string } | null;
}

/** Of the file, padded: it is written over in place, and a shorter text would leave the end of a longer one. */
const lockLength = 512;

/**
 * One clone at a time in a directory. A holder on this machine is dead when its process is; one elsewhere
 * (another Pod, an earlier node) when it no longer touches the file. The file system's own clock judges.
 * @throws CloneError (start) where a live clone holds it.
 */
export async function lockDirectory(gitDirectory: string, deps: LockDependencies): Promise<DirectoryLock> {
  const path = join(gitDirectory, lockName);
  let own: LockHolder = {
    machine: await machineName(deps.pid),
    pid: deps.pid,
    startTime: startTimeOf(deps.pid, deps.platform),
    group: null,
  };
  while (!(await take(path, own))) {
    const seen = await look(path);
    if (seen === undefined) continue;
    const holder = parseHolder(seen.text);
    const known = holder !== undefined && holder.machine === own.machine && holder.startTime !== "";
    const dead = known && startTimeOf(holder.pid, deps.platform) !== holder.startTime;
    if (dead || seen.age > staleAfter) {
      if (known) endGroup(holder, deps);
      await remove(path, seen.text, deps.pid);
      continue;
    }
    if (known || (await isTouched(path, seen, deps))) throw heldBy(gitDirectory, holder);
  }
  const timer = setInterval(() => void touch(path, textOf(own)), touchEvery);
  return {
    noteGroup(pid) {
      own = { ...own, group: { pid, startTime: startTimeOf(pid, deps.platform) } };
      void touch(path, textOf(own));
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await rm(path, { force: true });
    },
  };
}

/** A killed agent's git goes on by itself, and would write next to the new one. */
function endGroup({ group }: LockHolder, deps: LockDependencies): void {
  if (group === null || group.startTime === "") return;
  if (startTimeOf(group.pid, deps.platform) === group.startTime) deps.kill(-group.pid, "SIGKILL");
}

function textOf(holder: LockHolder): string {
  return JSON.stringify(holder).padEnd(lockLength);
}

async function take(path: string, own: LockHolder): Promise<boolean> {
  try {
    await using file = await open(path, "wx");
    await file.writeFile(textOf(own));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

interface Sight {
  readonly text: string;
  readonly touchedAt: number;
  readonly age: number;
}

async function look(path: string): Promise<Sight | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const probe = `${path}.now`;
  await writeFile(probe, "");
  const now = (await stat(probe)).mtimeMs;
  await rm(probe, { force: true });
  const touchedAt = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  return touchedAt === undefined ? undefined : { text, touchedAt, age: now - touchedAt };
}

/** Waits until the holder shows a sign of life, or has had the time for one. */
async function isTouched(path: string, seen: Sight, deps: LockDependencies): Promise<boolean> {
  let age = seen.age;
  while (age <= staleAfter) {
    await deps.wait(1000, deps.stop);
    const next = await look(path);
    if (next === undefined) return false;
    if (next.touchedAt !== seen.touchedAt) return true;
    age = next.age;
  }
  return false;
}

/** Takes the lock file away only if it is still the one that was judged. */
async function remove(path: string, text: string, pid: number): Promise<void> {
  const aside = `${path}.${String(pid)}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) === text) await unlink(aside);
  else await rename(aside, path);
}

/** Written, not given a time: the file system's clock must stamp it, as it stamps what it is compared with. */
async function touch(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "r+" });
  } catch (error) {
    // Taken away by someone who saw this process stalled; the volume is away or full: the next touch may work.
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

/** Pids mean nothing across boots and PID namespaces. */
async function machineName(pid: number): Promise<string> {
  const boot = await readIfThere("/proc/sys/kernel/random/boot_id");
  const namespace = await stat(`/proc/${String(pid)}/ns/pid`).then(
    ({ dev, ino }) => `${String(dev)}:${String(ino)}`,
    () => "",
  );
  return boot === undefined || namespace === "" ? hostname() : `${boot.trim()} ${namespace}`;
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockHolder>;
    const { machine, pid, startTime, group = null } = value;
    if (typeof machine !== "string" || typeof pid !== "number" || typeof startTime !== "string")
      return undefined;
    return { machine, pid, startTime, group };
  } catch (error) {
    // Just made and not yet written, or cut by a crash: its age judges it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function heldBy(gitDirectory: string, holder: LockHolder | undefined): CloneError {
  const who = holder === undefined ? "another process" : `process ${String(holder.pid)}`;
  return new CloneError({
    category: "start",
    exitCode: null,
    message: `Another clone (${who}) is at work in ${gitDirectory}; wait for it, or give each task a volume of its own.`,
  });
}
