import type { Control } from "./control.ts";
import { boundControl } from "./control-text.ts";
import { levels, type Level } from "./stream.ts";

export const controlPrefix = "::keruta:";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const percentPattern = /^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%?$/;
const levelNames: Readonly<Record<string, Level>> = { WARNING: "WARN" };

/**
 * The control that a line of output stands for, undefined where it is ordinary text; `line` is without its LF.
 *
 *     ::keruta:progress 40 compiling       percent 0 to 100, or `-` where it is not known
 *     ::keruta:artifact out/report.html
 *     ::keruta:log WARN text
 *     ::keruta:output name=value
 */
export function parseControlLine(line: Uint8Array): Control | undefined {
  const text = decode(line)?.replace(/\r$/, "");
  if (text?.startsWith(controlPrefix) !== true) return undefined;
  const [, type, rest = ""] = /^([a-z]+)(?: (.*))?$/s.exec(text.slice(controlPrefix.length)) ?? [];
  const control = type === undefined ? undefined : parseFields(type, rest);
  return control && boundControl(control);
}

/** A control from the words of `keruta-agent progress|artifact|log|output`, undefined where they make none. */
export function parseControlWords(type: string, first: string, rest: string): Control | undefined {
  const control =
    type === "output"
      ? parseOutput(first, rest)
      : parseFields(type, rest === "" ? first : `${first} ${rest}`);
  return control && boundControl(control);
}

export function parseLevel(name: string): Level | undefined {
  const upper = name.toUpperCase();
  return levels.find((level) => level === upper) ?? levelNames[upper];
}

function parseFields(type: string, fields: string): Control | undefined {
  const [first, rest] = splitAt(fields, " ");
  switch (type) {
    case "progress": {
      if (first === "-") return { type, percent: null, message: rest };
      return percentPattern.test(first)
        ? { type, percent: Number.parseFloat(first), message: rest }
        : undefined;
    }
    case "artifact":
      return { type, path: fields };
    case "log": {
      const level = parseLevel(first);
      return level && { type, level, message: rest };
    }
    case "output":
      return fields.includes("=") ? parseOutput(...splitAt(fields, "=")) : undefined;
    default:
      return undefined;
  }
}

function parseOutput(name: string, value: string): Control {
  return { type: "output", name, value };
}

function splitAt(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(line: Uint8Array): string | undefined {
  try {
    return decoder.decode(line);
  } catch {
    // Not UTF-8, so no control: it stays log text.
    return undefined;
  }
}
