import type { Queue } from "@keruta/shared/queue";
import { placeOf } from "../../context/database.ts";
import type { SubmitOptions } from "./submit.ts";

/**
 * Who drives, where nobody was named: over a server its workers, so that no cluster has to be reached from here; this
 * process where there are none, where a runner was chosen, and for a task that it pops itself.
 */
export async function chooseDriver(
  { context, source, driver, runner }: SubmitOptions,
  queue: Queue,
): Promise<SubmitOptions["driver"]> {
  if (driver !== "auto" || source.kind === "next" || runner !== undefined) return driver;
  if (placeOf(context).kind !== "api") return driver;
  return (await queue.queueStatus()).drivers > 0 ? "worker" : driver;
}
