import { isLoss, type LogEntry } from "./entry.ts";
import type { LogRecord } from "./record.ts";

/** Whose log an entry is of. */
export interface LogSource {
  readonly taskId: string;
  readonly attempt: number;
  readonly jobName: string | null;
  readonly podName: string | null;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** A log entry as users see it. */
export function toLogRecord(source: LogSource, entry: LogEntry): LogRecord {
  const { taskId, attempt, jobName, podName } = source;
  const timestamp = new Date(entry.time).toISOString();
  const head = { timestamp, taskId, jobName, podName, attempt, sequence: entry.sequence };
  switch (entry.kind) {
    case "output": {
      const { stream, level, bytes, newline } = entry;
      return { ...head, level, stream, ...messageOf(bytes), ...(newline ? {} : { newline: false }) };
    }
    case "control": {
      const { control } = entry;
      const level = control.type === "log" ? control.level : "INFO";
      return { ...head, level, kind: "control", message: controlMessage(entry), control };
    }
    case "gap": {
      const { lastSequence, stdoutBytes, stderrBytes, reason, why } = entry;
      return {
        ...head,
        level: isLoss(entry) ? "ERROR" : "DEBUG",
        kind: "gap",
        message: why,
        gap: { lastSequence, stdoutBytes, stderrBytes, reason },
      };
    }
  }
}

function controlMessage({ control }: Extract<LogEntry, { kind: "control" }>): string {
  switch (control.type) {
    case "progress":
      return `${control.percent === null ? "" : `${String(control.percent)}% `}${control.message}`.trim();
    case "artifact":
      return control.path;
    case "log":
      return control.message;
    case "output":
      return `${control.name}=${control.value}`;
    case "started":
      return control.restart === 0 ? "command started" : `command restarted (${String(control.restart)})`;
  }
}

function messageOf(bytes: Uint8Array): Pick<LogRecord, "message" | "messageBase64"> {
  try {
    return { message: strict.decode(bytes) };
  } catch {
    // Not UTF-8: shown with replacement characters, and exactly in base64.
    return { message: lenient.decode(bytes), messageBase64: base64(bytes) };
  }
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
