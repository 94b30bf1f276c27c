import type { Readable } from "node:stream";
import { KerutaError, type DriverMessage } from "@keruta/shared/domain";

/** The driver's end of `--control-fd`. */
export interface DriverChannel {
  /** The command's environment; null where the driver was gone before it said so. */
  readonly start: Promise<Readonly<Record<string, string>> | null>;
  /** Called for each `stop`, and once when the driver is gone. */
  listen(onStop: (why: "cancel" | "driver-lost") => void): void;
}

/** Environments of Linux end at 6 MiB (three quarters of the largest stack); JSON may double that. */
const maxLineLength = 32 << 20;

export function createDriverChannel(input: Readable): DriverChannel {
  let rest = "";
  let started = false;
  let onStop: ((why: "cancel" | "driver-lost") => void) | undefined;
  const early: ("cancel" | "driver-lost")[] = [];
  const stop = (why: "cancel" | "driver-lost"): void => {
    if (onStop) onStop(why);
    else early.push(why);
  };

  const start = new Promise<Readonly<Record<string, string>> | null>((resolve, reject) => {
    const take = (line: string): void => {
      const message = parseMessage(line);
      if (message?.type === "stop") stop("cancel");
      else if (message?.type === "start" && !started) {
        started = true;
        resolve(message.env);
      } else {
        reject(badMessage());
        input.destroy();
      }
    };
    input.setEncoding("utf8");
    input.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > maxLineLength) lines.push("");
      for (const line of lines) take(line);
    });
    // A reset is the end as well: the driver is gone.
    input.on("error", () => undefined);
    input.once("close", () => {
      resolve(null);
      stop("driver-lost");
    });
    input.once("end", () => input.destroy());
  });

  return {
    start,
    listen(listener) {
      onStop = listener;
      for (const why of early.splice(0)) listener(why);
    },
  };
}

function parseMessage(line: string): DriverMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Not JSON, so none of the messages: the caller says so.
    return undefined;
  }
  const message = value as { type?: unknown; env?: unknown } | null;
  if (message?.type === "stop") return { type: "stop", why: "cancel" };
  const { env } = message ?? {};
  if (message?.type !== "start" || typeof env !== "object" || env === null) return undefined;
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { type: "start", env: Object.fromEntries(entries) };
}

function badMessage(): KerutaError {
  return new KerutaError(
    "KRT_AGENT",
    {
      en: "The control channel sent something that is no message.",
      ja: "制御チャネルから解釈できないデータが届きました。",
    },
    {
      hint: {
        en: "Use an agent and a keruta of one version.",
        ja: "keruta とエージェントのバージョンを揃えてください。",
      },
    },
  );
}
