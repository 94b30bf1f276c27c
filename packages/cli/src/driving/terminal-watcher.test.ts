import { describe, expect, it } from "vitest";
import type { StreamName, Task } from "@keruta/shared/domain";
import type { Machine } from "../context/machine.ts";
import { testContext } from "../compose/context.fake.ts";
import { line } from "../tasks/queued.fake.ts";
import { createWatcher } from "./create-watcher.ts";
import { wantsStatusLine } from "../progress/wants-status-line.ts";
import { createTerminalWatcher } from "./terminal-watcher.ts";
import { createTextWatcher } from "./text-watcher.ts";

const task = {} as Task;

/** A watcher on a terminal whose clock stands still until `tick`. */
async function onTerminal(stdoutIsTTY = true) {
  const surroundings = await testContext();
  const { context, io } = surroundings;
  io.stderr.isTTY = true;
  io.stdout.isTTY = stdoutIsTTY;
  const ticks = new Set<() => void>();
  let now = surroundings.now;
  const timers = {
    after: () => () => undefined,
    every(_: number, act: () => void) {
      ticks.add(act);
      return () => void ticks.delete(act);
    },
  };
  const machine: Machine = Object.create(context.machine, { timers: { value: timers } });
  const own = { ...context, clock: () => now, machine };
  const watcher = createTerminalWatcher(own, createTextWatcher(own));
  return {
    watcher,
    io,
    ticking: () => ticks.size,
    async tick(milliseconds = 120) {
      now += milliseconds;
      for (const act of ticks) act();
      await new Promise((resolve) => void setImmediate(resolve));
    },
    entries: (text: string, stream: StreamName = "stdout", newline = true) =>
      watcher.entries(task, [line(1, text, stream, newline)]),
    [Symbol.asyncDispose]: async () => surroundings[Symbol.asyncDispose](),
  };
}

describe("the status line of a terminal", () => {
  it("tells the phase and how long it takes, rewriting one line", async () => {
    await using terminal = await onTerminal();
    terminal.watcher.phase("Pulling");
    await terminal.tick();
    await terminal.tick(3000);
    terminal.watcher.phase("Starting");
    await terminal.tick();
    expect(terminal.io.stderr.text()).toBe(
      "\r\u001B[K⠋ pulling images\r\u001B[K⠙ pulling images 3s\r\u001B[K⠹ starting",
    );
  });

  it("is gone before the task's bytes are written, and stays away until the next phase", async () => {
    await using terminal = await onTerminal();
    terminal.watcher.phase("Running");
    await terminal.tick();
    await terminal.entries("hello", "stderr");
    await terminal.tick();
    expect(terminal.io.stderr.text()).toBe("\r\u001B[K⠋ running\r\u001B[Khello\n");
    terminal.watcher.phase("Collecting");
    await terminal.tick();
    expect(terminal.io.stderr.text()).toContain("hello\n\r\u001B[K⠙ collecting log and artifacts");
  });

  it("is never drawn over a line that the task has not ended", async () => {
    await using terminal = await onTerminal();
    await terminal.entries("50%", "stdout", false);
    terminal.watcher.phase("Collecting");
    await terminal.tick();
    expect(terminal.io.stderr.text()).toBe("");
    await terminal.entries("", "stdout", true);
    terminal.watcher.phase("Collecting");
    await terminal.tick();
    expect(terminal.io.stderr.text()).toContain("collecting");
  });

  it("stays while stdout goes into a file", async () => {
    await using terminal = await onTerminal(false);
    terminal.watcher.phase("Running");
    await terminal.entries("into the file");
    await terminal.tick();
    expect(terminal.io.stderr.text()).toBe("\r\u001B[K⠋ running");
    expect(terminal.io.stdout.text()).toBe("into the file\n");
  });

  it("makes room for keruta's own words", async () => {
    await using terminal = await onTerminal();
    terminal.watcher.phase("Pulling");
    await terminal.tick();
    terminal.watcher.notice({ en: "ErrImagePull", ja: "ErrImagePull" });
    await terminal.tick();
    await terminal.watcher.flush();
    expect(terminal.io.stderr.text()).toContain("images\r\u001B[Kkeruta: ErrImagePull\n");
  });

  it("is followed by keruta's words on a line of their own", async () => {
    await using terminal = await onTerminal();
    await terminal.entries("hello", "stdout", false);
    terminal.watcher.notice({ en: "a word", ja: "" });
    await terminal.tick();
    terminal.watcher.phase("Collecting");
    await terminal.tick();
    await terminal.entries("there", "stdout", false);
    await terminal.watcher.flush();
    expect(terminal.io.stderr.text()).toBe(
      "\nkeruta: a word\n\r\u001B[K⠋ collecting log and artifacts\r\u001B[K\n",
    );
  });

  it("does not end a line that nobody sees", async () => {
    await using terminal = await onTerminal(false);
    await terminal.entries("hello", "stdout", false);
    terminal.watcher.notice({ en: "a word", ja: "" });
    await terminal.watcher.flush();
    expect(terminal.io.stderr.text()).toBe("keruta: a word\n");
    expect(terminal.io.stdout.text()).toBe("hello");
  });

  it("shows a character whole that two entries share", async () => {
    await using terminal = await onTerminal();
    const { watcher, io } = terminal;
    const bytes = Buffer.from("赤\u001B[31m");
    for (const [index, byte] of Array.from(bytes).entries()) {
      await watcher.entries(task, [line(index + 1, Uint8Array.of(byte), "stdout", false)]);
    }
    expect(io.stdout.text()).toBe("赤\u001B[31m");
  });

  it("leaves neither a line nor a timer behind", async () => {
    await using terminal = await onTerminal();
    terminal.watcher.phase("Pulling");
    await terminal.tick();
    await terminal.watcher.flush();
    terminal.watcher.phase("Running");
    expect(terminal.io.stderr.text().endsWith("\r\u001B[K")).toBe(true);
    expect(terminal.ticking()).toBe(0);
  });

  it("is no wider than the terminal", async () => {
    await using terminal = await onTerminal();
    terminal.io.stderr.columns = 10;
    terminal.watcher.phase("Collecting");
    await terminal.tick();
    expect(terminal.io.stderr.text()).toBe("\r\u001B[K⠋ collec…");
  });

  it.each([
    [{ verbose: true }, "keruta: phase Pulling\n"],
    [{}, ""],
  ])("is a line of its own with -v where there is no terminal: %j", async (globals, expected) => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    context.configure(globals);
    const watcher = await createWatcher(context, await surroundings.queue(), "text");
    watcher.phase("Pulling");
    await watcher.flush();
    expect(io.stderr.text()).toBe(expected);
  });

  it("is wanted on a terminal only, and neither with -q nor in CI", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    expect(wantsStatusLine(context)).toBe(false);
    io.stderr.isTTY = true;
    expect(wantsStatusLine(context)).toBe(true);
    expect(wantsStatusLine({ ...context, env: { CI: "true" } })).toBe(false);
    expect(wantsStatusLine({ ...context, env: { TERM: "dumb" } })).toBe(false);
    expect(wantsStatusLine({ ...context, globals: { quiet: true } })).toBe(false);
  });
});
