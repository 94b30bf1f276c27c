import type { Context } from "../../context/context.ts";
import { neutralise } from "../../output/neutralise.ts";
import { colored, type Color } from "../../output/style.ts";
import type { Check, CheckStatus } from "./check.ts";

const statusColors: Readonly<Record<CheckStatus, Color>> = { ok: "green", warning: "yellow", failed: "red" };
const statusWidth = "warning".length;

/** One line a check, and a second one with the remedy where there is something to do. */
export function checkLines({ io, translate }: Context, checks: readonly Check[]): string {
  const indent = " ".repeat(statusWidth + 2);
  return checks
    .map(({ status, name, message, remedy }) => {
      const shown = colored(io.stdout, statusColors[status], status.padEnd(statusWidth));
      const line = `${shown}  ${name}: ${neutralise(translate(message))}\n`;
      return remedy ? `${line}${indent}-> ${neutralise(translate(remedy))}\n` : line;
    })
    .join("");
}
