import { expect, test } from "vitest";
import { launcherOf, revealVariables } from "./launcher.ts";

test("variables that the launcher hid have their names again, all others stay as they are", () => {
  const hide = (name: string) => String.fromCharCode(name.charCodeAt(0) ^ 0x40) + name.slice(1);
  const env = {
    [hide("LD_PRELOAD")]: "/x.so",
    [hide("NODE_OPTIONS")]: "",
    [hide("UV_X")]: "1",
    Path: "a",
    é: "b",
  };
  expect(revealVariables(env)).toEqual({
    LD_PRELOAD: "/x.so",
    NODE_OPTIONS: "",
    UV_X: "1",
    Path: "a",
    é: "b",
  });
});

test("without a launcher there is none", () => {
  expect(launcherOf({ PATH: "/bin" })).toBeNull();
});
