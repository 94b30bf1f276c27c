import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { isProvablyDead } from "./holder.ts";
import { createProcessTable, type ProcessReaders } from "./process-table.ts";

const fields = (start: string, state = "S") => `${state} 1 7 7 0 -1 0 ${"0 ".repeat(12)}${start} 99 1`;

function linuxWith(files: Readonly<Record<string, string>>): ProcessReaders {
  return {
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(path), { code: "ENOENT" });
      return text;
    },
    readLink: () => "pid:[4026531836]",
    output: () => {
      throw new Error("Linux starts no program for this");
    },
    host: () => "h",
    user: () => "u",
  };
}

const boot = { "/proc/sys/kernel/random/boot_id": "b\n", "/proc/1/stat": `1 (init) ${fields("1")}` };

describe("on Linux", () => {
  test("a process is told by its start, whatever its name holds", () => {
    const files = { ...boot, "/proc/7/stat": `7 (a) b (c) 9) ${fields("1234")}` };
    const table = createProcessTable({ platform: "linux", pid: 7, readers: linuxWith(files) });
    expect(table.self).toEqual({
      host: "h",
      user: "u",
      pid: 7,
      bootId: "b",
      pidNamespace: "pid:[4026531836]",
      startTime: "1234",
    });
    expect(isProvablyDead(table.self, table)).toBe(false);
    expect(isProvablyDead({ ...table.self, startTime: "1233" }, table)).toBe(true);
    expect(isProvablyDead({ ...table.self, pid: 8 }, table)).toBe(true);
    expect(isProvablyDead({ ...table.self, pid: 8, bootId: "other" }, table)).toBe(false);
  });

  test("a zombie is dead; where others are hidden, nobody is", () => {
    const files = {
      ...boot,
      "/proc/7/stat": `7 (x) ${fields("5", "Z")}`,
      "/proc/9/stat": `9 (x) ${fields("6")}`,
    };
    const table = createProcessTable({ platform: "linux", pid: 9, readers: linuxWith(files) });
    expect(isProvablyDead({ ...table.self, pid: 7, startTime: "5" }, table)).toBe(true);
    const { "/proc/1/stat": _, ...hidden } = files;
    const blind = createProcessTable({ platform: "linux", pid: 9, readers: linuxWith(hidden) });
    expect(isProvablyDead({ ...table.self, pid: 7 }, blind)).toBe(false);
  });

  test("a table that cannot be read proves nothing, and says so", () => {
    const readers = linuxWith({ ...boot, "/proc/7/stat": `7 (x) ${fields("5")}` });
    const table = createProcessTable({ platform: "linux", pid: 7, readers });
    const broken = {
      ...readers,
      readFile: () => {
        throw Object.assign(new Error("EMFILE"), { code: "EMFILE" });
      },
    };
    expect(() => createProcessTable({ platform: "linux", pid: 7, readers: broken })).toThrow("EMFILE");
    expect(table.startTimeOf(7)).toBe("5");
  });
});

test("on macOS, ps and sysctl tell", () => {
  const readers: ProcessReaders = {
    ...linuxWith({}),
    output: (program, args) => {
      if (program === "sysctl") return "0A1B-2C\n";
      if (args.includes("7")) return "Thu Jan  1 00:00:00 2026    \n";
      throw Object.assign(new Error("exit 1"), { status: 1 });
    },
  };
  const table = createProcessTable({ platform: "darwin", pid: 7, readers });
  expect(table.self).toMatchObject({ bootId: "0A1B-2C", startTime: "Thu Jan  1 00:00:00 2026" });
  expect(isProvablyDead(table.self, table)).toBe(false);
  expect(isProvablyDead({ ...table.self, pid: 8 }, table)).toBe(true);
});

test("elsewhere nothing is proved", () => {
  const table = createProcessTable({ platform: "win32", pid: 7, readers: linuxWith({}) });
  expect(isProvablyDead(table.self, table)).toBe(false);
});

test.skipIf(process.platform !== "linux" && process.platform !== "darwin")(
  "a real process dies provably",
  async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    await once(child, "spawn");
    const table = createProcessTable({ platform: process.platform, pid: process.pid });
    const holder = { ...table.self, pid: child.pid ?? 0, startTime: table.startTimeOf(child.pid ?? 0) ?? "" };
    expect(isProvablyDead(holder, table)).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isProvablyDead(holder, table)).toBe(true);
  },
);
