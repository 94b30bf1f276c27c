import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "@keruta/shared/domain";
import type { Host } from "../host/host.ts";
import type { AttemptApi } from "./attempt-api.ts";
import { backoff } from "./backoff.ts";
import { refusalOf } from "./refusal.ts";

/**
 * Writes the task as the server has it to the file: what to run where no word and no file says so. It asks until the
 * server answers or the signal aborts; false then. Throws what the server refuses for good.
 */
export async function fetchTask(
  api: AttemptApi,
  file: string,
  host: Pick<Host, "random">,
  signal: AbortSignal,
): Promise<boolean> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await writeFile(file, JSON.stringify(await api.task(signal)), { mode: 0o644 });
      return true;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.kind !== "away" || codeOf(error) === "ENOSPC") throw error;
      const wait = Math.max(refusal.retryAfter, backoff(failures, host.random));
      // Aborted: the attempt is to end before its command began.
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}
