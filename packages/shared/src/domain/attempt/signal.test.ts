import { expect, test } from "vitest";
import { exitCodeOfSignal } from "./signal.ts";

test.each([
  ["SIGKILL", 137],
  ["SIGTERM", 143],
  ["SIGNONE", 128],
  ["", 128],
  ["__proto__", 128],
  ["toString", 128],
])("%s has the exit code %i", (name, code) => {
  expect(exitCodeOfSignal(name)).toBe(code);
});
