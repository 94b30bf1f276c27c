import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import { wantsStatusLine } from "../progress/wants-status-line.ts";
import type { Watcher } from "./watcher.ts";

export const driveFormats = ["text", "json", "jsonl"] as const;
export type DriveFormat = (typeof driveFormats)[number];

export async function createWatcher(context: Context, queue: Queue, format: DriveFormat): Promise<Watcher> {
  switch (format) {
    case "text": {
      const watcher = (await import("./text-watcher.ts")).createTextWatcher(context);
      if (!wantsStatusLine(context)) return watcher;
      return (await import("./terminal-watcher.ts")).createTerminalWatcher(context, watcher);
    }
    case "json":
      return (await import("./silent-watcher.ts")).createSilentWatcher();
    case "jsonl":
      return (await import("./event-watcher.ts")).createEventWatcher(context, queue);
  }
}
