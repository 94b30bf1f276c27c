import { levels } from "../log/stream.ts";
import type { Control } from "../log/control.ts";
import { escape, maxRecordBytes, recordCodes, substitute, substituteOffset } from "./format.ts";
import type { DamagedRecord, WireRecord } from "./wire-record.ts";

const text = new TextDecoder("utf-8", { fatal: true });

/** One line of the wire, without its LF, as the record that it is. Lines of over 8,000 bytes are damage. */
export function decodeLine(line: Uint8Array): WireRecord | DamagedRecord {
  if (line[0] !== escape) {
    return line.length < maxRecordBytes && !line.includes(escape)
      ? { kind: "output", stream: "stdout", bytes: line, newline: true }
      : { kind: "damaged", bytes: line };
  }
  const payload = openEnvelope(line);
  return (payload && decodePayload(line[1] ?? 0, payload)) ?? { kind: "damaged", bytes: line };
}

function decodePayload(code: number, payload: Uint8Array): WireRecord | undefined {
  switch (code) {
    case recordCodes.stdoutLine:
      return { kind: "output", stream: "stdout", bytes: payload, newline: true };
    case recordCodes.stdoutPart:
      return { kind: "output", stream: "stdout", bytes: payload, newline: false };
    case recordCodes.stderrLine:
      return { kind: "output", stream: "stderr", bytes: payload, newline: true };
    case recordCodes.stderrPart:
      return { kind: "output", stream: "stderr", bytes: payload, newline: false };
    case recordCodes.control: {
      const control = parseControl(decodeText(payload));
      return control && { kind: "control", control };
    }
    case recordCodes.mark:
      return parseMark(decodeText(payload));
    default:
      return undefined;
  }
}

/** The payload between the envelope's escapes, or undefined where the line is cut or spliced. */
function openEnvelope(line: Uint8Array): Uint8Array | undefined {
  const end = line.length - 1;
  if (line.length < 3 || line.length >= maxRecordBytes || line[end] !== escape) return undefined;
  const payload = line.subarray(2, end);
  if (payload.includes(escape)) return undefined;
  if (!payload.includes(substitute)) return payload;
  const opened = new Uint8Array(payload.length);
  let length = 0;
  for (let at = 0; at < payload.length; at += 1) {
    let byte = payload[at] ?? 0;
    if (byte === substitute) {
      at += 1;
      byte = (payload[at] ?? 0) - substituteOffset;
      if (byte !== escape && byte !== substitute) return undefined;
    }
    opened[length++] = byte;
  }
  return opened.slice(0, length);
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return text.decode(bytes);
  } catch {
    // Not UTF-8: no record of ours, and the caller says so.
    return undefined;
  }
}

function parseMark(fields: string | undefined): WireRecord | undefined {
  const match = fields?.match(/^(\d{1,15}) (\d{1,15}) (\d{1,15}) (\d{1,15}) ([01])$/);
  if (!match) return undefined;
  const [sequence = 0, stdoutBytes = 0, stderrBytes = 0, time = 0] = match.slice(1, 5).map(Number);
  return { kind: "mark", sequence, stdoutBytes, stderrBytes, time, end: match[5] === "1" };
}

/** Reads a control and drops whatever is not in its shape: the text comes from inside a container. */
export function parseControl(json: string | undefined): Control | undefined {
  if (json === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Not JSON: no record of ours, and the caller says so.
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const field = value as Readonly<Record<string, unknown>>;
  switch (field["type"]) {
    case "progress": {
      const percent = field["percent"];
      const known = typeof percent === "number" && percent >= 0 && percent <= 100;
      if (percent !== null && !known) return undefined;
      return isText(field["message"]) ? { type: "progress", percent, message: field["message"] } : undefined;
    }
    case "artifact":
      return isText(field["path"]) ? { type: "artifact", path: field["path"] } : undefined;
    case "log": {
      const level = levels.find((name) => name === field["level"]);
      return level && isText(field["message"])
        ? { type: "log", level, message: field["message"] }
        : undefined;
    }
    case "output":
      return isText(field["name"]) && isText(field["value"])
        ? { type: "output", name: field["name"], value: field["value"] }
        : undefined;
    case "started":
      return isCount(field["pid"]) && isCount(field["restart"])
        ? { type: "started", pid: field["pid"], restart: field["restart"] }
        : undefined;
    default:
      return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
