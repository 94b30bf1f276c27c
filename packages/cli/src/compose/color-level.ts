import type { ColorMode } from "../context/globals.ts";
import type { ColorLevel } from "../io/io.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ColorQuestion {
  readonly env: Environment;
  readonly isTTY: boolean;
  readonly mode: ColorMode;
}

/** `--color`, then NO_COLOR (no-color.org), FORCE_COLOR and CLICOLOR_FORCE, then what the stream is. */
export function colorLevelOf({ env, isTTY, mode }: ColorQuestion): ColorLevel {
  if (mode === "never") return 0;
  if (mode === "always") return 1;
  if ((env["NO_COLOR"] ?? "") !== "" || (env["KERUTA_NO_COLOR"] ?? "") !== "") return 0;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forcedLevel(forced);
  if ((env["CLICOLOR_FORCE"] ?? "0") !== "0" && env["CLICOLOR_FORCE"] !== "") return 1;
  if (env["TERM"] === "dumb" || env["CLICOLOR"] === "0") return 0;
  return isTTY ? 1 : 0;
}

function forcedLevel(value: string): ColorLevel {
  switch (value) {
    case "0":
    case "false":
      return 0;
    case "2":
      return 2;
    case "3":
      return 3;
    default:
      return 1;
  }
}
