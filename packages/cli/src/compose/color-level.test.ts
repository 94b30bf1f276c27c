import { expect, it } from "vitest";
import type { ColorMode } from "../context/globals.ts";
import { colorLevelOf } from "./color-level.ts";

it.each([
  [{}, true, "auto", 1],
  [{}, false, "auto", 0],
  [{}, false, "always", 1],
  [{}, true, "never", 0],
  [{ NO_COLOR: "1" }, true, "auto", 0],
  [{ NO_COLOR: "" }, true, "auto", 1],
  [{ NO_COLOR: "1" }, false, "always", 1],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true, "auto", 0],
  [{ FORCE_COLOR: "" }, false, "auto", 1],
  [{ FORCE_COLOR: "0" }, true, "auto", 0],
  [{ FORCE_COLOR: "3" }, false, "auto", 3],
  [{ CLICOLOR_FORCE: "1" }, false, "auto", 1],
  [{ CLICOLOR_FORCE: "0" }, false, "auto", 0],
  [{ CLICOLOR: "0" }, true, "auto", 0],
  [{ TERM: "dumb" }, true, "auto", 0],
] as const)("%j, terminal %s, --color %s: level %i", (env, isTTY, mode: ColorMode, level) => {
  expect(colorLevelOf({ env, isTTY, mode })).toBe(level);
});
