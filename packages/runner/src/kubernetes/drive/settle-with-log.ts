import { isKerutaError, type LogSummary, type Task } from "@keruta/shared/domain";
import type { LogKeeper } from "../../follow/log-keeper.ts";
import { settleAttempt, type SettleInput } from "../../stages/settle.ts";

export interface CompletedLog {
  readonly log: LogKeeper;
  readonly summary: LogSummary;
  /** Makes the summary again, of what is stored by now. */
  readonly complete: () => Promise<LogSummary>;
}

/** An agent that ends has little more to bring; a result is worth more than its last entry. */
const maxRounds = 4;

/** Settles with a summary of the whole log: an agent may bring entries until the attempt is settled. */
export async function settleWithLog(
  deps: Parameters<typeof settleAttempt>[0],
  input: Omit<SettleInput, "log" | "logSequence">,
  { log, summary, complete }: CompletedLog,
): Promise<Task> {
  let latest = summary;
  for (let round = 1; round < maxRounds; round += 1) {
    try {
      return await settleAttempt(deps, { ...input, log: latest, logSequence: log.position.sequence });
    } catch (error) {
      if (!isKerutaError(error, "KRT_USAGE")) throw error;
      await log.catchUp();
      latest = await complete();
    }
  }
  return settleAttempt(deps, { ...input, log: latest });
}
