import { stories } from "./report.ts";
import { runRound, type RoundReport } from "./round.ts";
import type { StoreName } from "./world/arena.ts";

export interface ShortRoundOptions {
  readonly store: StoreName;
  readonly kubeconfig: string | undefined;
  readonly seconds: number;
}

export interface ShortRound extends RoundReport {
  readonly stories: readonly string[];
}

/** A round beside which other tests run: few faults, small tasks, and nothing that others need is stopped. */
export async function runShortRound({ store, kubeconfig, seconds }: ShortRoundOptions): Promise<ShortRound> {
  // Another one each day: what fails says its seed.
  const seed = Number(process.env["KERUTA_TEST_SEED"] ?? Math.floor(Date.now() / 86_400_000));
  const report = await runRound({
    seed,
    milliseconds: seconds * 1000,
    settleMilliseconds: 150_000,
    store,
    kubeconfig,
    host: process.env["KERUTA_TEST_HOST"] ?? "10.88.0.1",
    mayStopComponents: false,
    faults: undefined,
    faultsPerMinute: 50,
    workers: 2,
    liveTasks: 6,
    small: true,
    say: () => undefined,
    stop: new AbortController().signal,
  });
  const told = stories(report.history, report.breaches).map((story) => `seed ${String(seed)}: ${story}`);
  return { ...report, stories: told };
}
