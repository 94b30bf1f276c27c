import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createProcessSignals } from "./signals.ts";

function signalsAt() {
  const emitter = new EventEmitter();
  const due: { readonly at: number; readonly act: () => void }[] = [];
  let now = 0;
  const after = (milliseconds: number, act: () => void) => void due.push({ at: now + milliseconds, act });
  const signals = createProcessSignals({ emitter, clock: () => now, after });
  return {
    signals,
    send: (name: string) => emitter.emit(name),
    /** Whether the signal would end the process. */
    isLeftToSystem: (name: string) => emitter.listenerCount(name) === 0,
    pass: (milliseconds: number) => {
      now += milliseconds;
      for (const { at, act } of due.splice(0))
        if (at <= now) act();
        else due.push({ at, act });
    },
  };
}

test("the echo of a signal is passed on to nobody, a second one of the person is", () => {
  const { signals, send, pass } = signalsAt();
  const heard: string[] = [];
  signals.on("SIGINT", () => heard.push("INT"));
  signals.on("SIGTERM", () => heard.push("TERM"));
  send("SIGINT");
  pass(3);
  send("SIGINT");
  expect(heard).toEqual(["INT"]);
  send("SIGTERM");
  expect(heard).toEqual(["INT", "TERM"]);
  pass(600);
  send("SIGINT");
  expect(heard).toEqual(["INT", "TERM", "INT"]);
});

test("nor does it kill the process where the first was the last that anybody listened for", () => {
  const { signals, send, pass, isLeftToSystem } = signalsAt();
  let count = 0;
  const stop = signals.on("SIGINT", () => {
    count += 1;
    stop();
  });
  send("SIGINT");
  expect(isLeftToSystem("SIGINT")).toBe(false);
  send("SIGINT");
  pass(500);
  expect(isLeftToSystem("SIGINT")).toBe(true);
  expect(count).toBe(1);
});

test("who stops listening without a signal leaves it to the system at once", () => {
  const { signals, isLeftToSystem } = signalsAt();
  const stops = [signals.on("SIGHUP", () => undefined), signals.on("SIGHUP", () => undefined)];
  stops[0]?.();
  expect(isLeftToSystem("SIGHUP")).toBe(false);
  stops[1]?.();
  expect(isLeftToSystem("SIGHUP")).toBe(true);
});

test("every listener of a signal hears it", () => {
  const { signals, send } = signalsAt();
  const heard: number[] = [];
  for (const number of [1, 2]) signals.on("SIGTERM", () => heard.push(number));
  send("SIGTERM");
  expect(heard).toEqual([1, 2]);
});
