import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync, statSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import type { Holder, ProcessTable } from "./holder.ts";

/** The reads of the outside that a process table is made of. Each throws as node:fs does. */
export interface ProcessReaders {
  readonly readFile: (path: string) => string;
  readonly readLink: (path: string) => string;
  /** Standard output of a program; throws where it fails. */
  readonly output: (program: string, args: readonly string[]) => string;
  readonly host: () => string;
  readonly user: () => string;
}

export interface ProcessTableOptions {
  /** `process.platform`. */
  readonly platform: string;
  readonly pid: number;
  readonly readers?: ProcessReaders;
}

/**
 * Who this process is, and which other ones of this machine live.
 *
 * On a system other than Linux and macOS nothing can be proved, and holders are judged by time alone. A process table
 * that cannot be read throws: to take that for a death would let two drivers run one attempt.
 */
export function createProcessTable({
  platform,
  pid,
  readers = systemReaders,
}: ProcessTableOptions): ProcessTable {
  const system = systemOf(platform, readers);
  return {
    self: {
      host: readers.host(),
      user: readers.user(),
      pid,
      bootId: system.bootId(),
      pidNamespace: system.pidNamespace(),
      startTime: system.startTimeOf(pid) ?? "",
    },
    startTimeOf: system.startTimeOf,
  };
}

/** A container's user often has no entry in /etc/passwd, and then no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    try {
      return String(statSync("/proc/self").uid);
    } catch {
      // No /proc either.
      return "unknown";
    }
  }
}

/** The same words and times whoever asks: a start time is compared as text. */
const systemEnvironment = { LC_ALL: "C", TZ: "UTC", PATH: "/bin:/usr/bin:/usr/sbin:/sbin" };

const systemReaders: ProcessReaders = {
  readFile: (path) => readFileSync(path, "utf8"),
  readLink: (path) => readlinkSync(path),
  output: (program, args) =>
    execFileSync(program, args, {
      encoding: "utf8",
      env: systemEnvironment,
      stdio: ["ignore", "pipe", "ignore"],
    }),
  host: hostname,
  user: userName,
};

interface System {
  readonly bootId: () => Holder["bootId"];
  readonly pidNamespace: () => Holder["pidNamespace"];
  readonly startTimeOf: ProcessTable["startTimeOf"];
}

function systemOf(platform: string, readers: ProcessReaders): System {
  if (platform === "linux") return linux(readers);
  if (platform === "darwin") return macos(readers);
  return { bootId: () => "", pidNamespace: () => "", startTimeOf: () => undefined };
}

/** Where other users' processes are hidden (hidepid), the absence of one proves nothing: no boot is told then. */
function linux({ readFile, readLink }: ProcessReaders): System {
  return {
    bootId: () => {
      const seesAll = unlessGone(() => readFile("/proc/1/stat")) !== undefined;
      return seesAll ? (unlessGone(() => readFile("/proc/sys/kernel/random/boot_id").trim()) ?? "") : "";
    },
    pidNamespace: () => unlessGone(() => readLink("/proc/self/ns/pid")) ?? "",
    startTimeOf: (pid) => startTimeIn(unlessGone(() => readFile(`/proc/${String(pid)}/stat`)) ?? ""),
  };
}

/**
 * Field 22 of proc_pid_stat(5), in clock ticks since the boot. The name, field 2, is in brackets and may hold
 * brackets and spaces itself, so counting begins after the last one. A zombie runs nothing any more, but keeps
 * its entry for as long as its parent does not look.
 */
function startTimeIn(stat: string): string | undefined {
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return undefined;
  return rest[18];
}

/**
 * macOS has no PID namespaces; a name stands for the only one. The boot is told by its UUID, since kern.boottime
 * moves when the clock is set.
 */
function macos({ output }: ProcessReaders): System {
  return {
    bootId: () => output("sysctl", ["-n", "kern.bootsessionuuid"]).trim(),
    pidNamespace: () => "macos",
    startTimeOf: (pid) => {
      const started = unlessGone(() => output("ps", ["-o", "lstart=", "-p", String(pid)]))?.trim();
      return started === "" ? undefined : started;
    },
  };
}

/** `ps` ends with 1 where there is no such process. */
function unlessGone(read: () => string): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "code" in error && /^(ENOENT|ESRCH)$/.test(String(error.code)))
      return undefined;
    if (error instanceof Error && "status" in error && error.status === 1) return undefined;
    throw error;
  }
}
