import type { ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import type { Role, Run } from "../check/history.ts";
import { sha256 } from "../plan/output.ts";
import { crashingAt } from "../../cluster/submitted.ts";
import type { Sandbox } from "../../sandbox.ts";

export interface StartOptions {
  readonly role: Role;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Key of the task that it is about. */
  readonly key?: string;
  /** Where it kills itself. */
  readonly crashPoint?: string;
}

/** A process of keruta that this run started. */
export interface Live {
  readonly role: Role;
  readonly pid: number;
  readonly key: string | null;
  readonly child: ChildProcess;
  readonly ended: Promise<Run & { readonly stdout: Buffer }>;
}

export interface Fleet {
  readonly runs: readonly Run[];
  start(options: StartOptions): Live;
  live(...roles: readonly Role[]): readonly Live[];
  /** Where the secret was in what they wrote. */
  readonly leaks: readonly string[];
  /** From now on `start` refuses, and nothing is started again. */
  close(): void;
  readonly isClosed: boolean;
}

export function createFleet(
  sandbox: Sandbox,
  secretForms: readonly string[],
  onEnd: (run: Run) => void,
): Fleet {
  const runs: Run[] = [];
  const alive = new Set<Live>();
  const leaks: string[] = [];
  let isClosed = false;
  const start = ({ role, args, env, key, crashPoint }: StartOptions): Live => {
    if (isClosed) throw new Error(`nothing is started any more, but a ${role} was asked for`);
    const from = Date.now();
    const crashing = crashPoint === undefined ? undefined : crashingAt(crashPoint);
    const { child, ended } = sandbox.start(args, {
      env: { ...env, ...crashing?.env },
      ...(crashing && { program: crashing.program }),
    });
    const pid = child.pid ?? 0;
    const live: Live = {
      role,
      pid,
      key: key ?? null,
      child,
      ended: ended.then(({ code, signal, stdout, stderr }) => {
        alive.delete(live);
        const printed = role === "submit" ? { bytes: stdout.length, sha256: sha256(stdout) } : null;
        const run = {
          role,
          pid,
          from,
          to: Date.now(),
          code,
          signal,
          key: key ?? null,
          crashPoint: crashPoint ?? null,
          lastWords: lastWordsOf(stderr),
          printed,
        };
        for (const form of secretForms) {
          if (stdout.includes(form)) leaks.push(`stdout of ${role} ${String(pid)}`);
          if (stderr.includes(form)) leaks.push(`stderr of ${role} ${String(pid)}`);
        }
        runs.push(run);
        onEnd(run);
        return { ...run, stdout };
      }),
    };
    alive.add(live);
    return live;
  };
  return {
    runs,
    leaks,
    start,
    live: (...roles) => [...alive].filter(({ role }) => roles.includes(role)),
    close: () => void (isClosed = true),
    get isClosed() {
      return isClosed;
    },
  };
}

/** What keruta said last: the fact, and what to do about it. */
function lastWordsOf(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => line.startsWith("keruta: "))
    .slice(-3)
    .join(" | ");
}

/** Sends the signal to a process that has not ended; true where there was one. */
export function signal({ child }: Live, name: NodeJS.Signals): boolean {
  return child.exitCode === null && child.signalCode === null && child.kill(name);
}

export interface Upheld {
  /** The next one to be started kills itself at this point. */
  readonly armed: string[];
  /** Ends with the last of them. */
  readonly ended: Promise<void>;
}

const restartPause = 300;

/** Keeps as many as `options` of one kind alive, as an init system does, until the fleet is closed. */
export function uphold(fleet: Fleet, options: readonly StartOptions[]): Upheld {
  const armed: string[] = [];
  const keep = async (one: StartOptions) => {
    while (!fleet.isClosed) {
      const crashPoint = armed.shift();
      await fleet.start({ ...one, ...(crashPoint !== undefined && { crashPoint }) }).ended;
      await pause(restartPause);
    }
  };
  return { armed, ended: Promise.all(options.map(keep)).then(() => undefined) };
}
