import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRestartDelay } from "./restart-delay.ts";
import { startCommand, type StartCommandOptions } from "./start-command.ts";
import { createStop } from "./stop.ts";
import { supervise, type CommandEnd } from "./supervise.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keruta-supervise-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Supervised {
  readonly end: CommandEnd;
  readonly delays: number[];
  readonly started: number[];
}

async function superviseScript(
  script: string,
  restarts: number,
  onWait?: (stop: ReturnType<typeof createStop>) => void,
) {
  const clock = () => performance.now();
  const stop = createStop(1_000, clock);
  const result: Omit<Supervised, "end"> = { delays: [], started: [] };
  const PATH = process.env["PATH"] ?? "";
  const start: StartCommandOptions = {
    argv: ["sh", "-c", script],
    env: { PATH },
    directory,
    runDirectory: directory,
    fifoMaker: ["mkfifo", "-m", "666"],
    agentPath: PATH,
    platform: process.platform,
    arch: process.arch,
  };
  const end = await supervise(
    {
      start: () => startCommand(start),
      read: (command) => {
        command.stdout.resume();
        command.stderr.resume();
        return { commandEnded: () => Promise.resolve() };
      },
      onStarted: (_, restart) => result.started.push(restart),
      onExited: () => undefined,
      stop,
      wait: (milliseconds) => {
        result.delays.push(milliseconds);
        onWait?.(stop);
        return Promise.resolve();
      },
      host: { clock, signal: (pid, name) => trySignal(pid, name) },
    },
    { timeout: null, restarts },
  );
  return { ...result, end };
}

function trySignal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    // It is gone.
    return false;
  }
}

describe("restarts in place", () => {
  test("end with the first success", async () => {
    await writeFile(join(directory, "count"), "");
    const { end, started, delays } = await superviseScript(
      'printf x >> count; [ "$(cat count)" = xxx ] || exit 3',
      5,
    );
    expect(end).toMatchObject({ exit: { exitCode: 0, signal: null }, restarts: 2, stopped: null });
    expect([started, delays]).toEqual([
      [0, 1, 2],
      [10_000, 20_000],
    ]);
    expect(await readFile(join(directory, "count"), "utf8")).toBe("xxx");
  });

  test("are used up, and the last end counts", async () => {
    const { end, started } = await superviseScript("kill -9 $$", 2);
    expect(end).toMatchObject({ exit: { exitCode: null, signal: "SIGKILL" }, restarts: 2 });
    expect(started).toEqual([0, 1, 2]);
  });

  test("do not come after a stop", async () => {
    const { end, started } = await superviseScript("exit 4", 5, (stop) => stop.request("cancel"));
    expect(end).toMatchObject({ exit: { exitCode: 4 }, restarts: 0, stopped: "cancel" });
    expect(started).toEqual([0]);
  });

  test("that are due when SIGTERM comes leave that as the end: the failure before them was not the last word", async () => {
    const { end, started } = await superviseScript("exit 4", 5, (stop) => stop.forward("SIGTERM"));
    expect(end).toMatchObject({
      exit: { exitCode: null, signal: "SIGTERM" },
      restarts: 0,
      stopped: "signal",
    });
    expect(started).toEqual([0]);
  });

  test("wait 10 s, doubled up to 5 min, and begin anew after a long run", () => {
    const delayOf = createRestartDelay();
    expect(Array.from({ length: 7 }, () => delayOf(1))).toEqual(
      [10, 20, 40, 80, 160, 300, 300].map((s) => s * 1_000),
    );
    expect(delayOf(600_000)).toBe(10_000);
  });
});
