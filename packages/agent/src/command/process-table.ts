import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

interface ProcessStat {
  readonly state: string;
  readonly session: number;
  readonly startTime: string;
}

/** When a process started, in the system's own units; empty where that cannot be told. */
export function startTimeOf(pid: number, platform: string): string {
  if (platform === "linux") return readStat(String(pid))?.startTime ?? "";
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    // Gone already, or no `ps`: it cannot be told.
    return "";
  }
}

/** Processes of a session that still run, zombies left out; undefined where the system does not show them. */
export function sessionMembers(session: number): number[] | undefined {
  let names: string[];
  try {
    names = readdirSync("/proc");
  } catch {
    // macOS has no /proc.
    return undefined;
  }
  if (!names.includes("self")) return undefined;
  return names
    .filter((name) => {
      if (!/^\d+$/.test(name)) return false;
      const stat = readStat(name);
      return stat?.session === session && stat.state !== "Z" && stat.state !== "X";
    })
    .map(Number);
}

function readStat(pid: string): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    // It ended in between.
    return undefined;
  }
  // The name in parentheses may hold spaces and parentheses; what counts comes after the last one.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", session: Number(fields[3]), startTime: fields[19] ?? "" };
}
